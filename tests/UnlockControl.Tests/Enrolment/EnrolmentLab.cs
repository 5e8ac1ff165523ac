// SPDX-License-Identifier: GPL-3.0-or-later
// What all tests of enrolment share: a pcscd whose reader has two slots, cards that gpg itself put keys on, and an encrypted disk in a file.

using CardSimulator;

namespace UnlockControl.Tests.Enrolment;

/// <summary>Made once for all the classes that use it, which therefore run one after the other.</summary>
public sealed class EnrolmentLab : IDisposable
{
    public const string Pin = "123456";
    public const string Passphrase = "a long passphrase";

    private const byte Holder = 0x5B;
    private readonly PcscDaemon daemon = PcscDaemon.Start("Test reader");
    private readonly string folder = Directory.CreateTempSubdirectory("enrolment-").FullName;

    public EnrolmentLab()
    {
        Gpg = new GpgHome(daemon);
        MakeCard("ada", "cv25519", "Lovelace<<Ada");
        MakeCard("bob", "rsa2048", "Bob");
        MakeCard("cyd", "nistp256", "");
        Disk = Path.Combine(folder, "disk");
        using (FileStream disk = File.Create(Disk))
        {
            disk.SetLength(24 << 20);
        }

        Tool.Run("sh", "-c",
            $"printf %s '{Passphrase}' | cryptsetup luksFormat --batch-mode --type luks2 --pbkdf pbkdf2 --pbkdf-force-iterations 2000 '{Disk}' -");
    }

    /// <summary>A gpg that has the cards' public keys and uses the same reader.</summary>
    public GpgHome Gpg { get; }

    /// <summary>A volume that <see cref="Passphrase"/> opens.</summary>
    public string Disk { get; }

    /// <summary>Points a child process at the cards' pcscd.</summary>
    public void ApplyTo(System.Diagnostics.ProcessStartInfo start) => daemon.ApplyTo(start);

    /// <summary>A card as gpg left it: "ada" (Curve25519, "Ada Lovelace"), "bob" (RSA, "Bob"), "cyd" (P-256, no name).</summary>
    public VirtualCard Card(string name, CardOptions? options = null) =>
        VirtualCard.Load(Path.Combine(folder, name), (options ?? new CardOptions()) with { Serial = SerialOf(name) });

    /// <summary>The first slot of the reader.</summary>
    public VpcdReader Reader(VirtualCard card) => daemon.NewReader(card);

    /// <summary>The second one.</summary>
    public VpcdReader SecondReader(VirtualCard card) => new(card, daemon.Port + 1);

    /// <summary>The serial number as a person reads it.</summary>
    public static uint SerialOf(string name) => name switch
    {
        "ada" => 0x0000_00AD,
        "bob" => 0x0000_0B0B,
        _ => 0x0000_0C1D,
    };

    /// <summary>The card's public key, as `gpg --export` writes it.</summary>
    public string PublicKeyOf(string name)
    {
        string file = Path.Combine(folder, name + ".asc");
        if (!File.Exists(file))
        {
            Gpg.Expect("--armor", "-o", file, "--export", name + "@example.org");
        }

        return file;
    }

    public void Dispose()
    {
        Gpg.Dispose();
        daemon.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private void MakeCard(string name, string algorithm, string holder)
    {
        var card = new VirtualCard(new CardOptions { Serial = SerialOf(name) });
        Put(card, Holder, holder);
        string fingerprint = Gpg.GenerateKey(algorithm, $"{name} <{name}@example.org>");
        using VpcdReader reader = daemon.NewReader(card);
        reader.Insert();
        Gpg.CardStatus();
        Gpg.KeyToCard(fingerprint);
        Tool.Run("env", "GNUPGHOME=" + Gpg.Folder, "gpgconf", "--kill", "all");
        card.PowerOff();
        card.Save(Path.Combine(folder, name));
    }

    private static void Put(VirtualCard card, byte tag, string value)
    {
        card.Transmit([0x00, 0xA4, 0x04, 0x00, 6, 0xD2, 0x76, 0x00, 0x01, 0x24, 0x01]);
        card.Transmit([0x00, 0x20, 0x00, 0x83, 8, .. "12345678"u8]);
        byte[] bytes = System.Text.Encoding.Latin1.GetBytes(value);
        Assert.Equal(0x90, card.Transmit([0x00, 0xDA, 0x00, tag, (byte)bytes.Length, .. bytes])[^2]);
        card.PowerOff();
    }
}

/// <summary>The classes that share the lab.</summary>
[CollectionDefinition(Name)]
public sealed class OneLab : ICollectionFixture<EnrolmentLab>
{
    public const string Name = "enrolment";
}
