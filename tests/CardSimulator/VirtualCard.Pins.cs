// SPDX-License-Identifier: GPL-3.0-or-later
// PINs (OpenPGP card 3.4 sections 4.3 and 7.2.2 to 7.2.4): VERIFY, CHANGE REFERENCE DATA, RESET RETRY COUNTER.
// A PIN of a wrong length is refused with 6700 and not counted.

using System.Security.Cryptography;

namespace CardSimulator;

public sealed partial class VirtualCard
{
    private const byte SignPin = 0x81;
    private const byte UserPin = 0x82;
    private const byte AdminPin = 0x83;

    private bool signVerified;
    private bool userVerified;
    private bool adminVerified;

    /// <summary>Tries left of PW1.</summary>
    public int UserTriesLeft
    {
        get
        {
            lock (gate)
            {
                return memory.User.Tries;
            }
        }

        set
        {
            lock (gate)
            {
                memory.User.Tries = Math.Clamp(value, 0, Pin.MaxTries);
            }
        }
    }

    /// <summary>Tries left of PW3.</summary>
    public int AdminTriesLeft
    {
        get
        {
            lock (gate)
            {
                return memory.Admin.Tries;
            }
        }
    }

    /// <summary>Whether PW1 stands verified for DECIPHER (VERIFY 82) now.</summary>
    public bool IsUserVerified
    {
        get
        {
            lock (gate)
            {
                return userVerified;
            }
        }
    }

    /// <summary>Sets PW1 and its counter, as a person would beforehand.</summary>
    public void SetUserPin(ReadOnlySpan<byte> pin)
    {
        lock (gate)
        {
            memory.User.Set(pin);
        }
    }

    /// <summary>Sets the resetting code and its counter.</summary>
    public void SetResettingCode(ReadOnlySpan<byte> code)
    {
        lock (gate)
        {
            memory.ResettingCode.Set(code);
        }
    }

    /// <summary>Tries left of the resetting code; 0: none is set, or it is used up.</summary>
    public int ResetTriesLeft
    {
        get
        {
            lock (gate)
            {
                return memory.ResettingCode.Tries;
            }
        }
    }

    private void ForgetVerified() => signVerified = userVerified = adminVerified = false;

    /// <summary>VERIFY, section 7.2.2. P1 FF forgets; no data asks.</summary>
    private Answer Verify(CommandApdu command)
    {
        if (PinFor(command.P2) is not { } pin || command.P1 is not (0x00 or 0xFF))
        {
            return new Answer(StatusWord.WrongParameters);
        }

        if (command.P1 == 0xFF)
        {
            SetVerified(command.P2, false);
            return command.Data.Length == 0 ? Answer.Success : new Answer(StatusWord.WrongLength);
        }

        if (command.Data.Length == 0)
        {
            return IsVerified(command.P2)
                ? Answer.Success
                : new Answer(options.NotVerified ?? (ushort)(StatusWord.TriesLeft | pin.Tries));
        }

        Answer answer = Check(pin, command.Data);
        SetVerified(command.P2, answer.Status == StatusWord.Ok || (options.StaysVerified && IsVerified(command.P2)));
        return answer;
    }

    /// <summary>CHANGE REFERENCE DATA, section 7.2.3: the old PIN, directly followed by the new one.</summary>
    private Answer ChangeReferenceData(CommandApdu command)
    {
        if (command.P1 != 0 || command.P2 is not (SignPin or AdminPin))
        {
            return new Answer(StatusWord.WrongParameters);
        }

        Pin pin = PinFor(command.P2)!;
        int oldLength = Math.Min(pin.Value.Length, command.Data.Length);
        Answer answer = Check(pin, command.Data.AsSpan(0, oldLength));
        if (answer.Status != StatusWord.Ok)
        {
            return answer;
        }

        ReadOnlySpan<byte> next = command.Data.AsSpan(oldLength);
        if (next.Length < pin.MinLength || next.Length > Pin.MaxLength)
        {
            return new Answer(StatusWord.WrongLength);
        }

        pin.Set(next);
        return Answer.Success;
    }

    /// <summary>RESET RETRY COUNTER, section 7.2.4: P1 00 with the resetting code, P1 02 after PW3.</summary>
    private Answer ResetRetryCounter(CommandApdu command)
    {
        if (command.P2 != SignPin || command.P1 is not (0x00 or 0x02))
        {
            return new Answer(StatusWord.WrongParameters);
        }

        ReadOnlySpan<byte> next = command.Data;
        if (command.P1 == 0x02)
        {
            if (!adminVerified)
            {
                return new Answer(StatusWord.SecurityStatus);
            }
        }
        else
        {
            Pin code = memory.ResettingCode;
            int length = Math.Min(code.Value.Length, command.Data.Length);
            Answer answer = code.IsSet ? Check(code, next[..length]) : new Answer(StatusWord.Blocked);
            if (answer.Status != StatusWord.Ok)
            {
                return answer;
            }

            next = next[length..];
        }

        if (next.Length < CardMemory.MinUserPin || next.Length > Pin.MaxLength)
        {
            return new Answer(StatusWord.WrongLength);
        }

        memory.User.Set(next);
        signVerified = userVerified = false;
        return Answer.Success;
    }

    private Answer Check(Pin pin, ReadOnlySpan<byte> presented)
    {
        if (pin.Tries == 0)
        {
            return new Answer(options.BlockedPin);
        }

        bool possible = presented.Length >= pin.MinLength && presented.Length <= Pin.MaxLength;
        if (!possible && options.ShortPin != StatusWord.SecurityStatus)
        {
            return new Answer(options.ShortPin);
        }

        if (CryptographicOperations.FixedTimeEquals(presented, pin.Value))
        {
            pin.Tries = Pin.MaxTries;
            return Answer.Success;
        }

        pin.Tries--;
        return new Answer(
            options.WrongPinTellsTries ? (ushort)(StatusWord.TriesLeft | pin.Tries) : StatusWord.SecurityStatus);
    }

    private Pin? PinFor(byte reference) => reference switch
    {
        SignPin or UserPin => memory.User,
        AdminPin => memory.Admin,
        _ => null,
    };

    private bool IsVerified(byte reference) => reference switch
    {
        SignPin => signVerified,
        UserPin => userVerified,
        _ => adminVerified,
    };

    private void SetVerified(byte reference, bool verified)
    {
        switch (reference)
        {
            case SignPin:
                signVerified = verified;
                break;
            case UserPin:
                userVerified = verified;
                break;
            default:
                adminVerified = verified;
                break;
        }
    }
}
