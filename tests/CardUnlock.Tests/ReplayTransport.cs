// SPDX-License-Identifier: GPL-3.0-or-later
// A recorded card: data objects as they were read, one PIN, and the one DECIPHER whose answer is known.

namespace CardUnlock.Tests;

internal sealed class ReplayTransport(Transcript transcript) : ICardTransport
{
    private const string Pin = "123456";
    private readonly List<byte> chained = [];
    private byte[] waiting = [];
    private bool verified;
    private bool selected;

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
            chained.AddRange(data);
            return Status(0x9000);
        }

        byte[] whole = [.. chained, .. data];
        chained.Clear();
        switch (command[1])
        {
            case 0xC0:
                return Part(waiting);
            case 0xA4:
                selected = true;
                return Recorded(command, whole);
            case 0x20:
                return Verify(command, whole);
            case 0x2A:
                Assert.True(verified && selected);
                return Recorded(command, whole);
            default:
                Assert.True(selected);
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
        verified = System.Text.Encoding.ASCII.GetString(pin) == Pin;
        return Status(verified ? 0x9000 : 0x6982);
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
        waiting = data[now.Length..];
        return [.. now, .. waiting.Length == 0 ? Status(0x9000) : Status(0x6100 | (waiting.Length & 0xFF))];
    }

    private static byte[] Status(int sw) => [(byte)(sw >> 8), (byte)sw];
}
