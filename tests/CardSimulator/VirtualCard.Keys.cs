// SPDX-License-Identifier: GPL-3.0-or-later
// Keys (OpenPGP card 3.4 sections 7.2.8 import, 7.2.10 to 7.2.15): PSO, INTERNAL AUTHENTICATE, GENERATE, GET CHALLENGE.

using System.Security.Cryptography;

namespace CardSimulator;

public sealed partial class VirtualCard
{
    private const int ComputeSignature = 0x9E9A;
    private const int Decipher = 0x8086;

    private readonly Dictionary<string, byte[]?> remembered = [];

    /// <summary>
    /// A finger rests on the button: a key that wants a touch (D6 to D8) has it. Else it answers 6600, at once.
    /// </summary>
    public bool IsTouched { get; set; }

    /// <summary>What was deciphered once is answered from memory, so that nothing but the host is measured.</summary>
    public bool AnswersAtOnce { get; set; }

    /// <summary>Puts an RSA key (e, p, q; big-endian) into the decryption slot.</summary>
    /// <param name="bits">Modulus length: 2048, 3072 or 4096.</param>
    /// <param name="exponent">Public exponent e.</param>
    /// <param name="prime1">p.</param>
    /// <param name="prime2">q.</param>
    /// <param name="fingerprint">The OpenPGP key's fingerprint, 20 bytes.</param>
    /// <param name="creationTime">The OpenPGP key's creation time.</param>
    public void ImportRsaDecryptionKey(
        int bits, byte[] exponent, byte[] prime1, byte[] prime2, byte[] fingerprint, DateTimeOffset creationTime) =>
        ImportDecryptionKey(
            CardKeys.RsaAttributes(bits),
            new Dictionary<int, byte[]> { [0x91] = exponent, [0x92] = prime1, [0x93] = prime2 },
            fingerprint,
            creationTime);

    /// <summary>Puts an RSA key into the decryption slot.</summary>
    public void ImportDecryptionKey(RSA key, byte[] fingerprint, DateTimeOffset creationTime)
    {
        RSAParameters parameters = key.ExportParameters(includePrivateParameters: true);
        ImportRsaDecryptionKey(
            key.KeySize, parameters.Exponent!, parameters.P!, parameters.Q!, fingerprint, creationTime);
    }

    /// <summary>Puts an X25519 key into the decryption slot.</summary>
    /// <param name="scalar">The secret as OpenPGP stores it: a big-endian number of at most 32 bytes.</param>
    /// <param name="fingerprint">The OpenPGP key's fingerprint, 20 bytes.</param>
    /// <param name="creationTime">The OpenPGP key's creation time.</param>
    public void ImportX25519DecryptionKey(byte[] scalar, byte[] fingerprint, DateTimeOffset creationTime) =>
        ImportDecryptionKey(
            CardKeys.X25519Attributes, new Dictionary<int, byte[]> { [0x92] = scalar }, fingerprint, creationTime);

    /// <summary>Puts a key of any supported algorithm into the decryption slot.</summary>
    /// <param name="attributes">Algorithm attributes, section 4.4.3.9.</param>
    /// <param name="objects">Import objects: 91 e, 92 p, 93 q for RSA; 92 the private key for curves.</param>
    /// <param name="fingerprint">The OpenPGP key's fingerprint, 20 bytes.</param>
    /// <param name="creationTime">The OpenPGP key's creation time.</param>
    /// <exception cref="ArgumentException">These values make no key.</exception>
    public void ImportDecryptionKey(
        byte[] attributes, IReadOnlyDictionary<int, byte[]> objects, byte[] fingerprint, DateTimeOffset creationTime)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(fingerprint.Length, KeySlot.FingerprintLength);
        CardKey key = (CardKeys.IsSupported(KeyUse.Decrypt, attributes) ? CardKeys.Import(attributes, objects) : null)
            ?? throw new ArgumentException("These values make no key of this algorithm.", nameof(objects));
        lock (gate)
        {
            KeySlot slot = memory[KeyUse.Decrypt];
            slot.Attributes = attributes;
            slot.Key = key;
            slot.Origin = 2;
            slot.Fingerprint = fingerprint;
            slot.CreationTime = BigEndian((uint)creationTime.ToUnixTimeSeconds());
        }
    }

    /// <summary>The public key of a slot as GENERATE answers it (7F49 …); null where the slot is empty.</summary>
    public byte[]? PublicKey(KeyUse use)
    {
        lock (gate)
        {
            return memory[use].Key is { } key ? Tlv.Encode(0x7F49, key.PublicKeyObjects()) : null;
        }
    }

    private static byte[] BigEndian(uint number) =>
        [(byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number];

    /// <summary>PERFORM SECURITY OPERATION, sections 7.2.10 and 7.2.11.</summary>
    private Answer SecurityOperation(CommandApdu command)
    {
        switch (command.Parameter)
        {
            case ComputeSignature:
                bool allowed = signVerified;
                signVerified &= memory.SignPinStaysValid;
                Answer answer = UseKey(KeyUse.Sign, allowed, key => key.Sign(command.Data));
                memory.SignatureCounter += answer.Status == StatusWord.Ok ? 1 : 0;
                return answer;
            case Decipher:
                return UseKey(KeyUse.Decrypt, userVerified, key => AnswersAtOnce
                    ? Remembered(key, command.Data)
                    : Deciphered(key, command.Data));
            default:
                return new Answer(StatusWord.WrongParameters);
        }
    }

    private byte[]? Deciphered(CardKey key, byte[] input) =>
        (options.AnswersPoint ? key.SharedPoint(input) : null) ?? key.Decipher(input);

    private byte[]? Remembered(CardKey key, byte[] input)
    {
        string known = Convert.ToHexString(input);
        if (!remembered.TryGetValue(known, out byte[]? answer))
        {
            answer = Deciphered(key, input);
            remembered.Add(known, answer);
        }

        return answer;
    }

    /// <summary>INTERNAL AUTHENTICATE, section 7.2.13.</summary>
    private Answer InternalAuthenticate(CommandApdu command) => command.Parameter == 0
        ? UseKey(KeyUse.Authenticate, userVerified, key => key.Sign(command.Data))
        : new Answer(StatusWord.WrongParameters);

    private Answer UseKey(KeyUse use, bool allowed, Func<CardKey, byte[]?> work)
    {
        if (memory[use].Key is not { } key)
        {
            return new Answer(StatusWord.ReferenceNotFound);
        }

        if (!allowed)
        {
            return new Answer(StatusWord.SecurityStatus);
        }

        if (memory[use].InteractionFlag[0] != 0 && !IsTouched)
        {
            return new Answer(StatusWord.TouchMissed);
        }

        return work(key) is { } result ? new Answer(result) : new Answer(StatusWord.WrongData);
    }

    /// <summary>GENERATE ASYMMETRIC KEY PAIR, section 7.2.14: P1 80 makes one, P1 81 reads the public part.</summary>
    private Answer GenerateKey(CommandApdu command)
    {
        if (command.P2 != 0 || command.P1 is not (0x80 or 0x81))
        {
            return new Answer(StatusWord.WrongParameters);
        }

        if (command.Data.Length < 2 || UseOf(command.Data[0]) is not { } use)
        {
            return new Answer(StatusWord.WrongData);
        }

        if (command.P1 == 0x80)
        {
            if (!adminVerified)
            {
                return new Answer(StatusWord.SecurityStatus);
            }

            KeySlot slot = memory[use];
            slot.Key = CardKeys.Generate(slot.Attributes);
            slot.Origin = 1;
            ResetSignatureCounter(use);
        }

        return PublicKey(use) is { } publicKey ? new Answer(publicKey) : new Answer(StatusWord.ReferenceNotFound);
    }

    /// <summary>PUT DATA 3FFF with 4D, the extended header list (section 4.4.3.12): B6/B8/A4, 7F48, 5F48.</summary>
    private Answer ImportKey(CommandApdu command)
    {
        if (command.Parameter != 0x3FFF)
        {
            return new Answer(StatusWord.WrongParameters);
        }

        if (!adminVerified)
        {
            return new Answer(StatusWord.SecurityStatus);
        }

        if (ReadHeaderList(command.Data, out KeyUse use) is not { } objects)
        {
            return new Answer(StatusWord.WrongData);
        }

        KeySlot slot = memory[use];
        if (CardKeys.Import(slot.Attributes, objects) is not { } key)
        {
            return new Answer(StatusWord.WrongData);
        }

        slot.Key = key;
        slot.Origin = 2;
        ResetSignatureCounter(use);
        return Answer.Success;
    }

    private void ResetSignatureCounter(KeyUse use)
    {
        if (use == KeyUse.Sign)
        {
            memory.SignatureCounter = 0;
        }
    }

    private static Dictionary<int, byte[]>? ReadHeaderList(ReadOnlySpan<byte> data, out KeyUse use)
    {
        use = default;
        ReadOnlySpan<byte> outer = data;
        if (!Tlv.TryRead(ref outer, out int tag, out ReadOnlySpan<byte> list) || tag != 0x4D || !outer.IsEmpty
            || !Tlv.TryRead(ref list, out int template, out _) || UseOf(template) is not { } named)
        {
            return null;
        }

        use = named;
        if (!Tlv.TryFind(list, 0x7F48, out ReadOnlySpan<byte> lengths)
            || !Tlv.TryFind(list, 0x5F48, out ReadOnlySpan<byte> values))
        {
            return null;
        }

        Dictionary<int, byte[]> objects = [];
        while (!lengths.IsEmpty)
        {
            if (!Tlv.TryReadHeader(ref lengths, out int name, out int length) || values.Length < length)
            {
                return null;
            }

            objects[name] = values[..length].ToArray();
            values = values[length..];
        }

        return values.IsEmpty ? objects : null;
    }

    private static KeyUse? UseOf(int template) => template switch
    {
        0xB6 => KeyUse.Sign,
        0xB8 => KeyUse.Decrypt,
        0xA4 => KeyUse.Authenticate,
        _ => null,
    };

    /// <summary>GET CHALLENGE, section 7.2.15: Le random bytes.</summary>
    private static Answer GetChallenge(CommandApdu command) => command switch
    {
        { Parameter: not 0 } => new Answer(StatusWord.WrongParameters),
        { Le: { } length and <= MaxChallenge } => new Answer(RandomNumberGenerator.GetBytes(length)),
        _ => new Answer(StatusWord.WrongLength),
    };
}
