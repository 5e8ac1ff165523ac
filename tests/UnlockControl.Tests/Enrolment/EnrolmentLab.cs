// SPDX-License-Identifier: GPL-3.0-or-later
// What all tests of enrolment share: a pcscd whose reader has two slots, cards that gpg itself put keys on, and an encrypted disk in a
// file.

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
            $"printf %s '{Passphrase}' | cryptsetup luksFormat --batch-mode --type luks2 --pbkdf pbkdf2 --pbkdf-force-iterations "
                + $"2000 '{Disk}' -");
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

    /// <summary>
    /// The folder of a machine whose disk the card "ada" opens, and "bob" too where there are two; made at the first call.
    /// </summary>
    internal string Enrolled(bool two)
    {
        string kept = Path.Combine(folder, two ? "two" : "one");
        if (!Directory.Exists(kept))
        {
            using var system = new TestSystem(this);
            using VpcdReader first = Reader(Card("ada"));
            using VpcdReader second = SecondReader(Card("bob"));
            first.Insert();
            string[] more = [];
            if (two)
            {
                second.Insert();
                more = ["--another-card"];
            }

            using PersonAtTerminal person = system.Unlockctl(["enroll", "--yes", .. more]);
            Assert.True(Dialogue.Go(person) == 0, person.Shown);
            Tool.Run("cp", "-a", "--sparse=always", system.Folder, kept);
        }

        return kept;
    }

    /// <summary>A key of 1024 bits, as cards of 2008 had them: "eve", made at the first call.</summary>
    public VirtualCard WeakCard()
    {
        if (!File.Exists(Path.Combine(folder, "eve")))
        {
            MakeCard("eve", "rsa1024", "Eve");
        }

        return Card("eve");
    }

    /// <summary>The first slot of the reader.</summary>
    public VpcdReader Reader(VirtualCard card) => daemon.NewReader(card);

    /// <summary>The second one.</summary>
    public VpcdReader SecondReader(VirtualCard card) => new(card, daemon.Port + 1);

    /// <summary>The serial number as a person reads it.</summary>
    public static uint SerialOf(string name) => name switch
    {
        "ada" => 0x0000_00AD,
        "bob" => 0x0000_0B0B,
        "eve" => 0x0000_0E5E,
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

    /// <summary>How a shell points a program at the cards' pcscd.</summary>
    internal string SocketSetting => $"{PcscDaemon.SocketVariable}='{daemon.SocketPath}'";

    /// <summary>What stands for /run/pcscd.</summary>
    internal string SocketFolder => Path.GetDirectoryName(daemon.SocketPath)!;

    /// <summary>gpg's daemon would hold the card for itself.</summary>
    internal void EndGpg() => Tool.Run("env", "GNUPGHOME=" + Gpg.Folder, "gpgconf", "--kill", "all");

    public void Dispose()
    {
        Gpg.Dispose();
        daemon.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private void MakeCard(string name, string algorithm, string holder)
    {
        var card = new VirtualCard(new CardOptions { Serial = SerialOf(name) });
        Put(card, Holder, System.Text.Encoding.Latin1.GetBytes(holder));
        string fingerprint = Gpg.GenerateKey(algorithm, $"{name} <{name}@example.org>");
        using VpcdReader reader = daemon.NewReader(card);
        reader.Insert();
        Gpg.CardStatus();
        Gpg.KeyToCard(fingerprint);
        EndGpg();
        card.PowerOff();
        card.Save(Path.Combine(folder, name));
    }

    /// <summary>What a card's owner did to it before: PUT DATA with the admin PIN.</summary>
    internal static void Put(VirtualCard card, byte tag, params byte[] value)
    {
        card.Transmit([0x00, 0xA4, 0x04, 0x00, 6, 0xD2, 0x76, 0x00, 0x01, 0x24, 0x01]);
        card.Transmit([0x00, 0x20, 0x00, 0x83, 8, .. "12345678"u8]);
        Assert.Equal(0x90, card.Transmit([0x00, 0xDA, 0x00, tag, (byte)value.Length, .. value])[^2]);
        card.PowerOff();
        card.ClearLog();
    }
}

/// <summary>The classes that share the lab.</summary>
[CollectionDefinition(Name)]
public sealed class OneLab : ICollectionFixture<EnrolmentLab>
{
    public const string Name = "enrolment";
}
