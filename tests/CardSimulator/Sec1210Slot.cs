// SPDX-License-Identifier: GPL-3.0-or-later
// One slot of a CCID reader that works at TPDU level (USB-IF "Smart Card ICCD/CCID" revision 1.1, section 6): a message
// is type, length of the data (4 bytes, little-endian), slot, sequence number, 3 bytes that depend on the type, data.
// Of an answer those 3 are status (card: 0 active, 1 inactive, 2 none; command: 0x40 failed), error, and one of the type's own.

using System.Buffers.Binary;

namespace CardSimulator;

/// <summary>Answers the CCID messages for one slot. Not thread safe.</summary>
internal sealed class Sec1210Slot
{
    public const byte GetSlotStatus = 0x65;
    private const byte SetParameters = 0x61;
    private const byte PowerOn = 0x62;
    private const byte PowerOff = 0x63;
    private const byte Escape = 0x6B;
    private const byte GetParameters = 0x6C;
    private const byte ResetParameters = 0x6D;
    private const byte TransferBlock = 0x6F;
    private const byte DataBlock = 0x80;
    private const byte SlotStatus = 0x81;
    private const byte Parameters = 0x82;
    private const byte EscapeAnswer = 0x83;
    private const byte CommandFailed = 0x40;
    private const byte Inactive = 1;
    private const byte NoCard = 2;
    private const byte CardMute = 0xFE;
    private const byte NotSupported = 0;

    // Fi/Di, check and convention, guard time, waiting integers, clock stop, IFSC, NAD (section 6.1.7).
    private static readonly byte[] DefaultParameters = [0x11, 0x10, 0x00, 0x4D, 0x00, 0x20, 0x00];

    private readonly VirtualCard? card;
    private readonly Sec1210BlockProtocol? blocks;
    private byte protocol = 1;
    private byte[] parameters = DefaultParameters;

    /// <param name="card">The card that can be put into this slot; null: it stays empty for ever.</param>
    public Sec1210Slot(VirtualCard? card)
    {
        this.card = card;
        blocks = card is null ? null : new Sec1210BlockProtocol(card);
    }

    public bool IsInserted { get; set; }

    public bool IsPowered { get; private set; }

    public void Unpower()
    {
        if (IsPowered)
        {
            IsPowered = false;
            card?.PowerOff();
        }
    }

    public byte[] Answer(ReadOnlySpan<byte> message)
    {
        ReadOnlySpan<byte> data = message[Sec1210Frame.HeaderLength..];
        switch (message[0])
        {
            case GetSlotStatus:
                return Reply(message, SlotStatus, []);
            case PowerOff:
                Unpower();
                return Reply(message, SlotStatus, []);
            case PowerOn:
                return IsInserted ? Powered(message) : Failed(message, DataBlock, CardMute);
            case TransferBlock:
                return IsPowered ? Transferred(message, data) : Failed(message, DataBlock, CardMute);
            case SetParameters:
                (protocol, parameters) = (message[7], data.ToArray());
                return Reply(message, Parameters, parameters, protocol);
            case ResetParameters:
                (protocol, parameters) = (1, DefaultParameters);
                return Reply(message, Parameters, parameters, protocol);
            case GetParameters:
                return Reply(message, Parameters, parameters, protocol);
            case Escape:
                return Reply(message, EscapeAnswer, data);
            default:
                return Failed(message, SlotStatus, NotSupported);
        }
    }

    private byte[] Powered(ReadOnlySpan<byte> message)
    {
        card!.Reset();
        blocks!.Reset();
        IsPowered = true;
        return Reply(message, DataBlock, [.. card.Atr]);
    }

    // T=1: the host makes the blocks. T=0: a TPDU is what a short APDU looks like.
    private byte[] Transferred(ReadOnlySpan<byte> message, ReadOnlySpan<byte> data)
    {
        try
        {
            return Reply(message, DataBlock, protocol == 1 ? blocks!.Exchange(data) : card!.Transmit(data));
        }
        catch (CardPulledException)
        {
            return Failed(message, DataBlock, CardMute);
        }
    }

    private byte[] Reply(ReadOnlySpan<byte> message, byte type, ReadOnlySpan<byte> data, byte own = 0) =>
        Make(message, type, 0, 0, own, data);

    private byte[] Failed(ReadOnlySpan<byte> message, byte type, byte error) =>
        Make(message, type, CommandFailed, error, 0, []);

    private byte[] Make(ReadOnlySpan<byte> message, byte type, byte failure, byte error, byte own, ReadOnlySpan<byte> data)
    {
        byte state = !IsInserted ? NoCard : IsPowered ? (byte)0 : Inactive;
        byte[] answer = [type, 0, 0, 0, 0, message[5], message[6], (byte)(state | failure), error, own, .. data];
        BinaryPrimitives.WriteInt32LittleEndian(answer.AsSpan(1), data.Length);
        return answer;
    }
}
