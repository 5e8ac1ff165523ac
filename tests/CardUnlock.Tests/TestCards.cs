// SPDX-License-Identifier: GPL-3.0-or-later
// Simulated cards that hold gpg's keys, and the transport that reaches one in this process.

using CardSimulator;
using CardUnlock.Native;

namespace CardUnlock.Tests;

/// <summary>A gpg home with one key of each kind, made once for all tests.</summary>
public sealed class GpgKeys : IDisposable
{
    private readonly GpgHome home = new();
    private readonly Dictionary<string, string> primaries = [];

    public GpgKeys()
    {
        foreach (string algorithm in (string[])["rsa2048", "cv25519", "nistp256"])
        {
            primaries[algorithm] = home.GenerateKey(algorithm, $"{algorithm} <{algorithm}@example.org>");
        }
    }

    public VirtualCard Card(string algorithm, CardOptions? options = null)
    {
        string file = Path.Combine(home.Folder, algorithm + ".sec");
        if (!File.Exists(file))
        {
            home.Expect("--passphrase", "", "-o", file, "--export-secret-keys", primaries[algorithm]);
        }

        var card = new VirtualCard(options);
        card.ImportDecryptionKey(file);
        return card;
    }

    /// <summary>The user id of a key that signs, made at the first call.</summary>
    public string Signer()
    {
        const string UserId = "Signer <signer@example.org>";
        if (!primaries.TryGetValue(UserId, out string? fingerprint))
        {
            home.Expect("--passphrase", "", "--quick-generate-key", UserId, "ed25519", "sign", "never");
            primaries[UserId] = fingerprint = home.Fingerprints()[^1];
        }

        return fingerprint;
    }

    /// <summary>A message to the named keys, with options for gpg in front.</summary>
    public byte[] Message(byte[] plain, string[] algorithms, params string[] options)
    {
        string input = Path.Combine(home.Folder, Guid.NewGuid().ToString("N"));
        File.WriteAllBytes(input, plain);
        home.Expect(
        [
            "--trust-model", "always", .. options,
            .. algorithms.SelectMany(name => new[] { "-r", primaries[name] }), "-o", input + ".gpg", "-e", input,
        ]);
        return File.ReadAllBytes(input + ".gpg");
    }

    public EncryptedKey Parsed(byte[] plain, string[] algorithms, params string[] options)
    {
        Assert.Equal(MessageFault.None, EncryptedKey.Parse(Message(plain, algorithms, options), out EncryptedKey? message));
        return message!;
    }

    /// <summary>The file of a key's public half, as gpg exports it.</summary>
    public string PublicKeyFile(string algorithm)
    {
        string file = Path.Combine(home.Folder, algorithm + ".pub");
        if (!File.Exists(file))
        {
            home.Expect("-o", file, "--export", primaries[algorithm]);
        }

        return file;
    }

    /// <summary>What gpg itself makes of a message: the session key (cipher id, key) and the plain text.</summary>
    public (byte[] SessionKey, byte[] Plain) Decrypt(byte[] message)
    {
        string file = Path.Combine(home.Folder, Guid.NewGuid().ToString("N"));
        File.WriteAllBytes(file, message);
        ProgramResult result = home.Run("", "--passphrase", "", "--show-session-key", "-o", file + ".plain", "-d", file);
        Assert.True(File.Exists(file + ".plain"), result.Errors);
        string[] key = result.Errors.Split("session key: '")[1].Split('\'')[0].Split(':');

        // Behind the cipher stands the AEAD mode, where there is one.
        return ([byte.Parse(key[0].Split('.')[0]), .. Convert.FromHexString(key[1])], File.ReadAllBytes(file + ".plain"));
    }

    /// <summary>The session key in gpg's own words, hexadecimal: in bytes, neither it nor the content comes into this process.</summary>
    public string SessionKeyHex(byte[] message)
    {
        string file = Path.Combine(home.Folder, Guid.NewGuid().ToString("N"));
        File.WriteAllBytes(file, message);
        ProgramResult result = home.Run("", "--passphrase", "", "--show-session-key", "-o", file + ".plain", "-d", file);
        return result.Errors.Split("session key: '")[1].Split('\'')[0].Split(':')[1];
    }

    /// <summary>What gpg sees in a message that it can decrypt.</summary>
    public string ListPackets(byte[] message)
    {
        string file = Path.Combine(home.Folder, Guid.NewGuid().ToString("N"));
        File.WriteAllBytes(file, message);
        return home.Expect("--passphrase", "", "--list-packets", file);
    }

    public void Dispose() => home.Dispose();
}

/// <summary>A simulated card without a reader; being pulled looks as PC/SC shows it.</summary>
internal sealed class CardTransport(VirtualCard card) : ICardTransport
{
    public int Transmit(ReadOnlySpan<byte> command, Span<byte> response)
    {
        try
        {
            byte[] answer = card.Transmit(command);
            answer.CopyTo(response);
            return answer.Length;
        }
        catch (CardPulledException)
        {
            throw new PcscException("SCardTransmit", "test", PcscLite.SCARD_W_REMOVED_CARD);
        }
    }
}

/// <summary>
/// A card that says one thing otherwise: every answer with <paramref name="old"/> in it, which may then end there.
/// </summary>
internal sealed class ChangedTransport(ICardTransport card, byte[] old, byte[] changed, bool shorten = false) : ICardTransport
{
    public int Changes { get; private set; }

    public int Transmit(ReadOnlySpan<byte> command, Span<byte> response)
    {
        int length = card.Transmit(command, response);
        int at = response[..length].IndexOf(old);
        if (at >= 0)
        {
            changed.CopyTo(response[at..]);
            Changes++;
            length = shorten ? at + changed.Length : length;
        }

        return length;
    }
}

/// <summary>What a card's owner did beforehand.</summary>
internal static class CardSetup
{
    /// <summary>PUT DATA with the default PW3; the card is switched off afterwards and its log empty.</summary>
    public static void Put(this VirtualCard card, int tag, params ReadOnlySpan<byte> value)
    {
        Expect(card, [0x00, 0xA4, 0x04, 0x00, 6, 0xD2, 0x76, 0x00, 0x01, 0x24, 0x01]);
        Expect(card, [0x00, 0x20, 0x00, 0x83, 8, .. "12345678"u8]);
        Expect(card, [0x00, 0xDA, (byte)(tag >> 8), (byte)tag, (byte)value.Length, .. value]);
        card.PowerOff();
        card.ClearLog();
    }

    private static void Expect(VirtualCard card, byte[] command) => Assert.True(card.Transmit(command)[^2] is 0x90 or 0x61);
}

/// <summary>A transport that does not carry some commands: it throws, as a reader that cannot or a card that left.</summary>
internal sealed class FailingTransport(ICardTransport card, uint code, Func<byte[], bool> fails) : ICardTransport
{
    public int Failures { get; private set; }

    public int Transmit(ReadOnlySpan<byte> command, Span<byte> response)
    {
        if (!fails(command.ToArray()))
        {
            return card.Transmit(command, response);
        }

        Failures++;
        throw new PcscException("SCardTransmit", "test", code);
    }
}
