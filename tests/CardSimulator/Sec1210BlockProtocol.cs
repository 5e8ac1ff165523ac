// SPDX-License-Identifier: GPL-3.0-or-later
// The card's side of T=1 (ISO 7816-3:2006 section 11): blocks of NAD, PCB, LEN, up to 254 bytes and an exclusive or.
// PCB: I-block 0NM00000 (N: sequence number, M: more follows), R-block 100N00EE, S-block 11R0TTTT (R: response).

namespace CardSimulator;

/// <summary>Joins and cuts APDUs; one block in, one block out.</summary>
internal sealed class Sec1210BlockProtocol(VirtualCard card)
{
    private const int PrologueLength = 3;
    private const int DefaultInformationSize = 32;
    private const byte SequenceBit = 0x40;
    private const byte MoreBit = 0x20;
    private const byte ReceiveReady = 0x80;
    private const byte CheckError = 0x01;
    private const byte OtherError = 0x02;
    private const byte ResponseBit = 0x20;
    private const byte Resynchronise = 0xC0;
    private const byte InformationSize = 0xC1;
    private const byte Abort = 0xC2;

    private readonly List<byte> command = [];
    private byte[] answer = [];
    private byte[] lastSent = [];
    private int informationSize = DefaultInformationSize;
    private bool expected;
    private bool next;

    /// <summary>The card was reset.</summary>
    public void Reset()
    {
        informationSize = DefaultInformationSize;
        Resynchronised();
    }

    /// <summary>Answers one block.</summary>
    /// <exception cref="CardPulledException">A fault pulled the card out.</exception>
    public byte[] Exchange(ReadOnlySpan<byte> block)
    {
        if (!IsWhole(block))
        {
            return Ready(CheckError);
        }

        byte control = block[1];
        ReadOnlySpan<byte> information = block[PrologueLength..^1];
        return (control & 0xC0) switch
        {
            0x80 => Acknowledged((control & 0x10) != 0),
            0xC0 => Supervisory(control, information),
            _ => Information(control, information),
        };
    }

    private static bool IsWhole(ReadOnlySpan<byte> block)
    {
        byte check = 0;
        foreach (byte b in block)
        {
            check ^= b;
        }

        return block.Length > PrologueLength && block.Length == PrologueLength + block[2] + 1 && check == 0;
    }

    private static byte[] Block(byte control, ReadOnlySpan<byte> information)
    {
        byte[] block = [0, control, (byte)information.Length, .. information, 0];
        foreach (byte b in block.AsSpan(..^1))
        {
            block[^1] ^= b;
        }

        return block;
    }

    private byte[] Information(byte control, ReadOnlySpan<byte> information)
    {
        if ((control & SequenceBit) != 0 != expected)
        {
            return Ready(OtherError);
        }

        expected = !expected;
        command.AddRange(information);
        if ((control & MoreBit) != 0)
        {
            return Ready(0);
        }

        byte[] whole = [.. command];
        command.Clear();
        answer = card.Transmit(whole);
        return SendNext();
    }

    // N(R) is the block that the host wants next: another than the one sent means that this one arrived.
    private byte[] Acknowledged(bool wanted) => wanted == next && answer.Length > 0 ? SendNext() : lastSent;

    private byte[] Supervisory(byte control, ReadOnlySpan<byte> information)
    {
        switch (control)
        {
            case Resynchronise:
                Resynchronised();
                break;
            case InformationSize when information is [var size]:
                informationSize = size;
                break;
            case Abort:
                command.Clear();
                answer = [];
                break;
            default:
                return Ready(OtherError);
        }

        return Block((byte)(control | ResponseBit), information);
    }

    private byte[] SendNext()
    {
        byte[] part = answer[..Math.Min(answer.Length, informationSize)];
        answer = answer[part.Length..];
        byte control = (byte)((next ? SequenceBit : 0) | (answer.Length > 0 ? MoreBit : 0));
        next = !next;
        lastSent = Block(control, part);
        return lastSent;
    }

    private byte[] Ready(byte error) => Block((byte)(ReceiveReady | (expected ? 0x10 : 0) | error), []);

    private void Resynchronised()
    {
        (expected, next) = (false, false);
        command.Clear();
        (answer, lastSent) = ([], []);
    }
}
