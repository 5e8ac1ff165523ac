// SPDX-License-Identifier: GPL-3.0-or-later
// Data objects (OpenPGP card 3.4 section 4.4): GET DATA, PUT DATA, and what each object is made of.

namespace CardSimulator;

public sealed partial class VirtualCard
{
    private const int MaxChallenge = 0xFF;
    private const int MaxSpecialObject = 0xFF;
    private const int Certificate = 0x7F21;
    private const int KeyDerivation = 0xF9;

    // Objects that are stored and read as they are; what protects reading stands in MayRead.
    private static readonly int[] PlainObjects =
        [0x5B, 0x5E, 0x5F2D, 0x5F35, 0x5F50, Certificate, 0x0101, 0x0102, 0x0103, 0x0104];

    private static readonly byte[] ApplicationId = [0xD2, 0x76, 0x00, 0x01, 0x24, 0x01];
    private static readonly byte[] NoKeyDerivation = [0x81, 0x01, 0x00];

    /// <summary>The application's name: RID, application, version, manufacturer, serial; 16 bytes.</summary>
    private byte[] FullAid => [.. ApplicationId, (byte)(options.Version >> 8), (byte)options.Version, 0xFF, 0xFE, .. BigEndian(options.Serial), 0x00, 0x00];

    /// <summary>Extended capabilities, 10 bytes (section 4.4.3.7).</summary>
    private byte[] Capabilities =>
    [
        (byte)(options.HasKeyDerivation ? 0x7D : 0x7C), // GET CHALLENGE, key import, changeable C4, private objects, changeable attributes, KDF-DO
        0x00, // no secure messaging
        MaxChallenge >> 8, MaxChallenge & 0xFF,
        MaxCommandData >> 8, MaxCommandData & 0xFF, // certificate
        MaxSpecialObject >> 8, MaxSpecialObject & 0xFF,
        0x00, // no PIN block 2
        0x00, // no MSE
    ];

    /// <summary>PW status bytes, 7 (section 4.4.3.11).</summary>
    private byte[] PinStatus =>
    [
        (byte)(memory.SignPinStaysValid ? 1 : 0), Pin.MaxLength, Pin.MaxLength, Pin.MaxLength,
        (byte)memory.User.Tries, (byte)memory.ResettingCode.Tries, (byte)memory.Admin.Tries,
    ];

    /// <summary>GET DATA, section 7.2.6.</summary>
    private Answer GetData(CommandApdu command)
    {
        if (command.Data.Length > 0)
        {
            return new Answer(StatusWord.WrongLength);
        }

        int tag = command.Parameter;
        if (!MayRead(tag))
        {
            return new Answer(StatusWord.SecurityStatus);
        }

        return ReadObject(tag) is { } value ? AnswerAlone(tag, value) : new Answer(options.MissingObject);
    }

    private Answer AnswerAlone(int tag, byte[] value) => options.Alone.GetValueOrDefault(tag) switch
    {
        LoneObject.Missing => new Answer(options.MissingObject),
        LoneObject.Empty => Answer.Success,
        LoneObject.Tagged => new Answer(Tlv.Encode(tag, value)),
        _ => new Answer(value),
    };

    private bool MayRead(int tag) => tag switch
    {
        0x0103 => userVerified,
        0x0104 => adminVerified,
        _ => true,
    };

    private byte[]? ReadObject(int tag) => tag switch
    {
        0x4F => FullAid,
        0x5F52 => options.HistoricalBytes,
        0x65 => Constructed(0x65, Object(0x5B), Object(0x5F2D), Object(0x5F35)),
        0x6E => Constructed(0x6E, ApplicationRelatedData()),
        0x73 => DiscretionaryData(),
        0x7A => Constructed(0x7A, Object(0x93)),
        0x7F66 => options.AnnouncesExtended ? ExtendedLengthInformation : null,
        0x7F74 => options.HasButton ? [0x81, 0x01, 0x20] : null,
        0x93 => BigEndian((uint)memory.SignatureCounter)[1..],
        0xC0 => Capabilities,
        0xC4 => PinStatus,
        0xC5 => OfEachKey(slot => slot.Fingerprint),
        0xC6 => OfEachKey(slot => slot.CaFingerprint),
        0xCD => OfEachKey(slot => slot.CreationTime),
        0xDE => KeyInformation,
        0xFA => Tlv.Encode(0xFA, AlgorithmInformation()),
        KeyDerivation => memory.Objects.GetValueOrDefault(KeyDerivation, NoKeyDerivation),
        >= 0xC1 and <= 0xC3 => memory.Slots[tag - 0xC1].Attributes,
        >= 0xC7 and <= 0xC9 => memory.Slots[tag - 0xC7].Fingerprint,
        >= 0xCA and <= 0xCC => memory.Slots[tag - 0xCA].CaFingerprint,
        >= 0xCE and <= 0xD0 => memory.Slots[tag - 0xCE].CreationTime,
        >= 0xD6 and <= 0xD8 => memory.Slots[tag - 0xD6].InteractionFlag,
        _ when PlainObjects.Contains(tag) => memory.Objects.GetValueOrDefault(tag, []),
        _ => null,
    };

    /// <summary>Reference of each key and 0 absent, 1 generated, 2 imported (section 4.4.3.8).</summary>
    private byte[] KeyInformation => [1, memory.Slots[0].Origin, 2, memory.Slots[1].Origin, 3, memory.Slots[2].Origin];

    private byte[] ExtendedLengthInformation
    {
        get
        {
            byte[] limit = [0x02, 0x02, (byte)(options.MaxCommandLength >> 8), (byte)options.MaxCommandLength];
            return [.. limit, .. limit];
        }
    }

    private byte[] OfEachKey(Func<KeySlot, byte[]> part)
    {
        byte[] parts = Tlv.Concat([.. memory.Slots.Select(part)]);
        return options.HasFourthKey ? [.. parts, .. new byte[parts.Length / memory.Slots.Length]] : parts;
    }

    private byte[] Object(int tag) =>
        !options.LeftOut.Contains(tag) && ReadObject(tag) is { } value ? Tlv.Encode(tag, value) : [];

    private byte[] Constructed(int tag, params ReadOnlySpan<byte[]> parts) =>
        options.OuterTag ? Tlv.Encode(tag, parts) : Tlv.Concat(parts);

    private byte[] ApplicationRelatedData() => Tlv.Concat(
        Object(0x4F), Object(0x5F52), Object(0x7F66), Object(0x7F74), Tlv.Encode(0x73, DiscretionaryData()));

    private byte[] DiscretionaryData() => Tlv.Concat(
        [.. new[] { 0xC0, 0xC1, 0xC2, 0xC3, 0xC4, 0xC5, 0xC6, 0xCD, 0xD6, 0xD7, 0xD8, 0xDE }.Select(Object)]);

    private static byte[] AlgorithmInformation() => Tlv.Concat(
        [.. Enum.GetValues<KeyUse>().SelectMany(use => CardKeys.Supported(use).Select(
            attributes => Tlv.Encode(0xC1 + (int)use, attributes)))]);

    /// <summary>PUT DATA, section 7.2.8. Everything needs PW3, but for the private objects 0101 and 0103 (PW1).</summary>
    private Answer PutData(CommandApdu command)
    {
        int tag = command.Parameter;
        bool allowed = tag is 0x0101 or 0x0103 ? userVerified : adminVerified;
        return allowed ? new Answer(WriteObject(tag, command.Data)) : new Answer(StatusWord.SecurityStatus);
    }

    private ushort WriteObject(int tag, byte[] value) => tag switch
    {
        0xC4 => WritePinStatus(value),
        0xD3 => WriteResettingCode(value),
        KeyDerivation => WriteKeyDerivation(value),
        >= 0xC1 and <= 0xC3 => WriteAttributes((KeyUse)(tag - 0xC1), value),
        >= 0xC7 and <= 0xC9 => Store(value, KeySlot.FingerprintLength, v => memory.Slots[tag - 0xC7].Fingerprint = v),
        >= 0xCA and <= 0xCC => Store(value, KeySlot.FingerprintLength, v => memory.Slots[tag - 0xCA].CaFingerprint = v),
        >= 0xCE and <= 0xD0 => Store(value, KeySlot.CreationTimeLength, v => memory.Slots[tag - 0xCE].CreationTime = v),
        >= 0xD6 and <= 0xD8 => Store(value, 2, v => memory.Slots[tag - 0xD6].InteractionFlag = v),
        _ when PlainObjects.Contains(tag) => WritePlain(tag, value),
        _ => StatusWord.ReferenceNotFound,
    };

    private static ushort Store(byte[] value, int length, Action<byte[]> store)
    {
        if (value.Length != length)
        {
            return StatusWord.WrongLength;
        }

        store(value);
        return StatusWord.Ok;
    }

    private ushort WritePlain(int tag, byte[] value)
    {
        if (value.Length > (tag == Certificate ? MaxCommandData : MaxSpecialObject))
        {
            return StatusWord.WrongLength;
        }

        memory.Objects[tag] = value;
        return StatusWord.Ok;
    }

    private ushort WriteAttributes(KeyUse use, byte[] value)
    {
        if (!CardKeys.IsSupported(use, value))
        {
            return StatusWord.WrongData;
        }

        memory[use].ChangeAttributes(value);
        return StatusWord.Ok;
    }

    private ushort WritePinStatus(byte[] value)
    {
        if (value.Length is not (1 or 4) || value[0] > 1)
        {
            return StatusWord.WrongData;
        }

        memory.SignPinStaysValid = value[0] == 1;
        return StatusWord.Ok;
    }

    private ushort WriteResettingCode(byte[] value)
    {
        if (value.Length == 0)
        {
            memory.ResettingCode.Value = [];
            memory.ResettingCode.Tries = 0;
            return StatusWord.Ok;
        }

        if (value.Length < CardMemory.MinAdminPin || value.Length > Pin.MaxLength)
        {
            return StatusWord.WrongLength;
        }

        memory.ResettingCode.Set(value);
        return StatusWord.Ok;
    }

    /// <summary>KDF-DO (section 4.3.2): 87 and 88 are the hashes that stand for the default PINs from now on.</summary>
    private ushort WriteKeyDerivation(byte[] value)
    {
        if (!Tlv.TryFind(value, 0x81, out ReadOnlySpan<byte> algorithm) || algorithm.Length != 1)
        {
            return StatusWord.WrongData;
        }

        bool hashed = algorithm[0] != 0;
        bool wasHashed = memory.Objects.ContainsKey(KeyDerivation);
        if (hashed)
        {
            memory.Objects[KeyDerivation] = value;
        }
        else
        {
            memory.Objects.Remove(KeyDerivation);
        }

        if (hashed && Tlv.TryFind(value, 0x87, out ReadOnlySpan<byte> user) && Tlv.TryFind(value, 0x88, out ReadOnlySpan<byte> admin))
        {
            memory.User.Set(user);
            memory.Admin.Set(admin);
            ForgetVerified();
        }
        else if (!hashed && wasHashed)
        {
            memory.User.Set("123456"u8);
            memory.Admin.Set("12345678"u8);
            ForgetVerified();
        }

        return StatusWord.Ok;
    }
}
