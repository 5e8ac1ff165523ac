// SPDX-License-Identifier: GPL-3.0-or-later
// How CCID messages travel over a serial line, as libccid's serial driver and the readers it serves agree:
// SYNC 03, control (ACK 06 or NAK 15), the CCID message (10 bytes of header, of which bytes 1 to 4 are the length of the
// data, little-endian, and the data), and the exclusive or of all bytes before. A NAK frame has no message: 03 15 16.
// Between frames the reader may say that a card came or went: 50, and 2 bits for each slot, the first slot's lowest.

using System.Buffers.Binary;

namespace CardSimulator;

/// <summary>Finds frames in what comes in over the line, and makes those that go out.</summary>
internal sealed class Sec1210Frame
{
    public const int HeaderLength = 10;
    public const byte SlotChange = 0x50;
    private const byte Sync = 0x03;
    private const byte Ack = 0x06;
    private const byte Nak = 0x15;
    private const int PrefixLength = 2;

    // dwMaxCCIDMessageLength, what the driver believes of this reader.
    private const int MaxMessage = 271;

    private readonly List<byte> line = [];

    /// <summary>"Say that again".</summary>
    public static byte[] Refusal { get; } = [Sync, Nak, Sync ^ Nak];

    public static byte[] Encode(ReadOnlySpan<byte> message)
    {
        byte[] frame = [Sync, Ack, .. message, 0];
        frame[^1] = Check(frame.AsSpan(..^1));
        return frame;
    }

    /// <summary>Takes what was read from the line, in pieces of any size.</summary>
    public void Add(ReadOnlySpan<byte> bytes) => line.AddRange(bytes);

    /// <summary>The next frame, once all of it is there.</summary>
    /// <param name="message">The CCID message; empty where the frame is damaged and wants a <see cref="Refusal"/>.</param>
    public bool TryTake(out byte[] message)
    {
        message = [];

        // Noise before a frame means nothing.
        int start = line.IndexOf(Sync);
        line.RemoveRange(0, start < 0 ? line.Count : start);
        if (line.Count < PrefixLength + HeaderLength + 1)
        {
            return false;
        }

        byte[] bytes = [.. line];
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(PrefixLength + 1)) + HeaderLength;
        if (bytes[1] != Ack || length > MaxMessage)
        {
            line.Clear();
            return true;
        }

        int end = PrefixLength + (int)length;
        if (bytes.Length <= end)
        {
            return false;
        }

        line.RemoveRange(0, end + 1);
        message = Check(bytes.AsSpan(..end)) == bytes[end] ? bytes[PrefixLength..end] : [];
        return true;
    }

    private static byte Check(ReadOnlySpan<byte> bytes)
    {
        byte check = 0;
        foreach (byte b in bytes)
        {
            check ^= b;
        }

        return check;
    }
}
