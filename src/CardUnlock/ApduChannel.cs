// SPDX-License-Identifier: GPL-3.0-or-later
// Sends command APDUs (ISO/IEC 7816-4 section 5): short ones, chained in parts of 254 bytes, or extended where the card
// says so; gathers answers that come in parts (61xx) and repeats for 6Cxx, both bounded. Commands and answers can hold
// a PIN or a session key, so both live in locked memory and are zeroed after use; nothing here is ever logged.

namespace CardUnlock;

/// <summary>One card's command channel; owns its buffers, borrows the transport.</summary>
internal sealed class ApduChannel(ICardTransport transport, bool characterProtocol) : IDisposable
{
    // The longest command is RSA-4096's extended PSO:DECIPHER: 7 + 513 + 2 bytes.
    private const int CommandCapacity = 1024;
    private const int ResponseCapacity = 4096;
    private const int ExtendedOverhead = 9;
    private const int ShortDataMax = 255;
    private const int ChainPart = 254;
    private const int MaxResponseParts = 32;
    private const byte GetResponse = 0xC0;
    private const byte ChainBit = 0x10;

    private readonly SecretBuffer commandBuffer = SecretBuffer.Allocate(CommandCapacity);
    private readonly SecretBuffer partBuffer = SecretBuffer.Allocate(ResponseCapacity);
    private readonly SecretBuffer responseBuffer = SecretBuffer.Allocate(ResponseCapacity);

    private bool readerIsShort;

    /// <summary>The card takes extended lengths (capability in the historical bytes). Ignored on T=0.</summary>
    public bool ExtendedLength { get; set; }

    /// <summary>The longest extended command that the card takes, in bytes; 0: any.</summary>
    public int MaxCommandLength { get; set; }

    /// <summary>Sends one command to its end.</summary>
    /// <exception cref="PcscException">From the transport.</exception>
    public ResponseApdu Send(scoped in CommandApdu command)
    {
        try
        {
            bool extended = IsExtended(command);
            StatusWord status = command.MayChangeForm ? SendInEitherForm(command, extended) : SendOnce(command, extended);
            return new ResponseApdu(status, responseBuffer.Span);
        }
        finally
        {
            commandBuffer.Clear();
            partBuffer.Clear();
        }
    }

    /// <summary>Zeroes the last answer.</summary>
    public void Forget() => responseBuffer.Clear();

    public void Dispose()
    {
        commandBuffer.Dispose();
        partBuffer.Dispose();
        responseBuffer.Dispose();
    }

    private bool IsExtended(in CommandApdu command)
    {
        int length = ExtendedOverhead + command.Data.Length;
        return ExtendedLength && !characterProtocol && !readerIsShort
            && (command.Data.Length > ShortDataMax || (command.Data.IsEmpty && command.HasLongAnswer))
            && (MaxCommandLength == 0 || length <= MaxCommandLength);
    }

    // A card may refuse the form that it announced, and a reader fail to carry an extended one.
    private StatusWord SendInEitherForm(in CommandApdu command, bool extended)
    {
        StatusWord status;
        try
        {
            status = SendOnce(command, extended);
        }
        catch (PcscException e) when (extended && !e.IsCardGone && !e.IsServiceGone)
        {
            readerIsShort = true;
            return SendOnce(command, extended: false);
        }

        if (!status.IsRefusedLength || characterProtocol || readerIsShort)
        {
            return status;
        }

        // Should the other form do no better, the first answer stands.
        try
        {
            StatusWord other = SendOnce(command, !extended);
            return other.IsRefusedLength ? status : other;
        }
        catch (PcscException e) when (!extended && !e.IsCardGone && !e.IsServiceGone)
        {
            readerIsShort = true;
            responseBuffer.Clear();
            return status;
        }
    }

    private StatusWord SendOnce(in CommandApdu command, bool extended)
    {
        responseBuffer.Clear();
        StatusWord status = SendParts(command, extended);
        if (command.ExpectsData && status.IsWrongLe)
        {
            responseBuffer.Clear();
            status = Exchange(command, 0x00, LastPart(command, extended), status.Low, extended);
        }

        // What nobody asked for, as a SELECT's answer, may stay in the card.
        return command.ExpectsData ? GatherMore(status) : status;
    }

    private static ReadOnlySpan<byte> LastPart(in CommandApdu command, bool extended)
    {
        int length = command.Data.Length;
        return extended || length <= ShortDataMax ? command.Data : command.Data[((length - 1) / ChainPart * ChainPart)..];
    }

    private StatusWord SendParts(in CommandApdu command, bool extended)
    {
        ReadOnlySpan<byte> last = LastPart(command, extended);
        ReadOnlySpan<byte> chained = command.Data[..^last.Length];
        for (; !chained.IsEmpty; chained = chained[ChainPart..])
        {
            StatusWord status = Exchange(command, ChainBit, chained[..ChainPart], null, extended: false);
            if (!status.IsOk)
            {
                return status;
            }
        }

        Build(command, 0x00, last, command.ExpectsData ? (byte)0 : null, extended);
        command.Given?.Clear();
        return Transmit();
    }

    private StatusWord Exchange(in CommandApdu command, byte cla, ReadOnlySpan<byte> data, byte? le, bool extended = false)
    {
        Build(command, cla, data, le, extended);
        return Transmit();
    }

    // Cases 1 to 4 of ISO/IEC 7816-3 section 12.1.3; on T=0 a command with data carries no Le (12.2.5): the card
    // answers 61xx.
    private void Build(in CommandApdu command, byte cla, ReadOnlySpan<byte> data, byte? le, bool extended)
    {
        commandBuffer.Clear();
        Put([cla, command.Ins, command.P1, command.P2]);
        if (extended)
        {
            Put([0x00]);
        }

        if (!data.IsEmpty)
        {
            Put(extended ? [(byte)(data.Length >> 8), (byte)data.Length] : [(byte)data.Length]);
        }

        Put(data);
        if (le is byte expected && (data.IsEmpty || !characterProtocol))
        {
            Put(extended ? [0x00, expected] : [expected]);
        }
    }

    private void Put(scoped ReadOnlySpan<byte> bytes)
    {
        if (!commandBuffer.TryAppend(bytes))
        {
            throw new ArgumentException("A command is longer than any that a card takes.");
        }
    }

    // Moves one answer's data behind what is gathered already and returns its status word.
    private StatusWord Transmit()
    {
        Span<byte> answer = partBuffer.Resize(ResponseCapacity);
        int length = transport.Transmit(commandBuffer.Span, answer);
        if (length < 2 || length > answer.Length || !responseBuffer.TryAppend(answer[..(length - 2)]))
        {
            return StatusWord.Malformed;
        }

        return new StatusWord((ushort)((answer[length - 2] << 8) | answer[length - 1]));
    }

    private StatusWord GatherMore(StatusWord status)
    {
        for (int part = 0; status.HasMore; part++)
        {
            if (part == MaxResponseParts)
            {
                return StatusWord.Malformed;
            }

            var more = new CommandApdu(GetResponse, 0, 0, default, expectsData: true);
            status = Exchange(more, 0x00, default, status.Low);
            if (status.IsWrongLe)
            {
                status = Exchange(more, 0x00, default, status.Low);
            }
        }

        return status;
    }
}
