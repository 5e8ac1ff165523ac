// SPDX-License-Identifier: GPL-3.0-or-later
// A recorded card: data objects as they were read, one PIN, and the one DECIPHER whose answer is known.

namespace CardUnlock.Tests;

internal sealed class ReplayTransport(Transcript transcript) : ICardTransport
{
    private const string Pin = "123456";
    private readonly List<byte> _chained = [];
    private byte[] _waiting = [];
    private bool _verified;
    private bool _selected;

    public List<byte[]> Commands { get; } = [];

    public int VerifyCount { get; private set; }

    public int Transmit(ReadOnlySpan<byte> command, Span<byte> response)
    {
        byte[] bytes = command.ToArray();
        Commands.Add(bytes);
        byte[] answer = Answer(bytes);
        answer.CopyTo(response);
        return answer.Length;
    }

    private byte[] Answer(byte[] command)
    {
        byte[] data = CommandBytes.Data(command);
        if (command[0] == 0x10)
        {
            Assert.Equal(254, data.Length);
            _chained.AddRange(data);
            return Status(0x9000);
        }

        byte[] whole = [.. _chained, .. data];
        _chained.Clear();
        switch (command[1])
        {
            case 0xC0:
                return Part(_waiting);
            case 0xA4:
                _selected = true;
                return Recorded(command, whole);
            case 0x20:
                return Verify(command, whole);
            case 0x2A:
                Assert.True(_verified && _selected);
                return Recorded(command, whole);
            default:
                Assert.True(_selected);
                return Recorded(command, whole);
        }
    }

    private byte[] Verify(byte[] command, byte[] pin)
    {
        Assert.Equal(0x82, command[3]);
        if (pin.Length == 0)
        {
            Assert.Equal(4, command.Length);
            return Status(0x6A80);
        }

        VerifyCount++;
        _verified = System.Text.Encoding.ASCII.GetString(pin) == Pin;
        return Status(_verified ? 0x9000 : 0x6982);
    }

    private byte[] Recorded(byte[] command, byte[] data)
    {
        Exchange? exchange = transcript.Exchanges.LastOrDefault(
            known => known.Header.AsSpan(1).SequenceEqual(command.AsSpan(1, 3)) && known.Data.AsSpan().SequenceEqual(data));
        if (exchange is null)
        {
            Assert.NotEqual(0x2A, command[1]);
            return Status(0x6A88);
        }

        return exchange.Status == 0x9000 ? Part(exchange.Answer) : Status(exchange.Status);
    }

    // At most 256 bytes at once, as a short Le allows.
    private byte[] Part(byte[] data)
    {
        byte[] now = data[..Math.Min(256, data.Length)];
        _waiting = data[now.Length..];
        return [.. now, .. _waiting.Length == 0 ? Status(0x9000) : Status(0x6100 | (_waiting.Length & 0xFF))];
    }

    private static byte[] Status(int sw) => [(byte)(sw >> 8), (byte)sw];
}
