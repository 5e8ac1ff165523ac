// SPDX-License-Identifier: GPL-3.0-or-later
// What the desk sees: cards of the field, foreign and mute ones, one that another program holds, cards that come and go.

using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using CardSimulator;

namespace CardUnlock.Tests.Desk;

[Collection(OnePcscd.Name)]
public sealed class DeskTests(PcscFixture pcsc)
{
    private const byte SelectInstruction = 0xA4;
    private static readonly byte[] Plain = [.. Enumerable.Range(0, 32).Select(i => (byte)(i * 3))];

    [Theory]
    [InlineData("canokey", "rsa2048")]
    [InlineData("SmartPGP", "rsa2048")]
    [InlineData("SmartPGP extended", "nistp256")]
    [InlineData("pico", "cv25519")]
    [InlineData("Gnuk", "nistp256")]
    [InlineData("NEO", "rsa2048")]
    [InlineData("Fluffy", "rsa2048")]
    [InlineData("YubiKey 5", "cv25519")]
    public void Card_of_the_field_is_told_and_tells_its_key(string profile, string algorithm)
    {
        VirtualCard card = pcsc.Keys.Card(algorithm, CardProfiles.All[profile] with { Serial = 0xAB });
        card.Put(0x5B, "Lovelace<<Ada"u8);
        using VpcdReader reader = pcsc.Reader(card);
        reader.Insert();
        using CardDesk desk = CardDesk.Open();
        CardReport report = Assert.Single(desk.Look());
        Assert.Equal(desk.Readers()[0], report.Reader);
        Assert.Equal(
            (null, "FFFE 000000AB", "self-made card", "Ada Lovelace", algorithm),
            (report.Fault, report.Serial, report.Maker, report.Holder, report.KeyType));
        Assert.Equal((3, 0, 3, false), (report.TriesLeft, report.ResetTriesLeft, report.AdminTriesLeft, report.NeedsTouch));
        Assert.Matches(@"^[23]\.[04]$", report.Version);
        Recipient recipient = Assert.IsType<Recipient>(desk.ReadRecipient(report, out _));
        Assert.Equal(report.Fingerprint, recipient.Fingerprint);
        Assert.Equal(0, card.VerifyCount);
    }

    // The reader is the same, the card is not: the key would go to one that nobody chose.
    [Fact]
    public void Card_that_was_exchanged_is_nobody_to_encrypt_to()
    {
        VirtualCard card = pcsc.Keys.Card("cv25519", new CardOptions { Serial = 0xAB });
        using VpcdReader reader = pcsc.Reader(card);
        reader.Insert();
        using CardDesk desk = CardDesk.Open();
        CardReport report = Assert.Single(desk.Look());
        foreach (CardReport other in (CardReport[])[report with { Serial = "FFFE 000000AC" }, report with { Fingerprint = new byte[20] }])
        {
            Assert.Null(desk.ReadRecipient(other, out RecipientFault fault));
            Assert.Equal(RecipientFault.AnotherCard, fault);
        }

        Assert.NotNull(desk.ReadRecipient(report, out _));
    }

    [Fact]
    public void Touch_is_told_and_awaited()
    {
        VirtualCard card = pcsc.Keys.Card("cv25519");
        card.Put(0xD7, 0x01, 0x20);
        using VpcdReader reader = pcsc.Reader(card);
        reader.Insert();
        using CardDesk desk = CardDesk.Open();
        CardReport report = Assert.Single(desk.Look());
        Assert.True(report.NeedsTouch);
        EncryptedKey message = pcsc.Keys.Parsed(Plain, ["cv25519"]);
        Assert.IsType<UnlockResult.TouchMissed>(desk.Decrypt(message, Pins.Make("123456"), report));
        AssertKey(desk.Decrypt(message, Pins.Make("123456"), report, () => card.IsTouched = true));
    }

    [Fact]
    public void A_key_that_was_had_goes_when_the_card_goes_before_the_next_one()
    {
        VirtualCard card = pcsc.Keys.Card("cv25519");
        using VpcdReader reader = pcsc.Reader(card);
        reader.Insert();
        using CardDesk desk = CardDesk.Open();
        byte[] first = RandomNumberGenerator.GetBytes(32);
        EncryptedKey[] messages = [pcsc.Keys.Parsed(first, ["cv25519"]), pcsc.Keys.Parsed(Plain, ["cv25519"])];
        CardReport report = Assert.Single(desk.Look());
        int looked = card.CommandCount;
        UnlockResult[] all = [.. desk.DecryptAll(messages, Pins.Make("123456"), report)];
        Assert.Equal(2, all.OfType<UnlockResult.Key>().Count());
        Assert.True(IsInLockedMemory(first));
        Array.ForEach(all, key => ((UnlockResult.Key)key).Secret.Dispose());
        Assert.False(IsInLockedMemory(first));
        int last = card.CommandCount - looked;

        report = Assert.Single(desk.Look());
        looked = card.CommandCount;
        card.Faults.PullAt(last);
        Assert.IsType<UnlockResult.CardRemoved>(desk.DecryptAll(messages, Pins.Make("123456"), report)[^1]);
        Assert.Equal(last, card.CommandCount - looked);
        Assert.False(IsInLockedMemory(first));
    }

    [Fact]
    public void Wrong_pin_costs_one_try_and_another_cards_message_none()
    {
        VirtualCard card = pcsc.Keys.Card("cv25519");
        using VpcdReader reader = pcsc.Reader(card);
        reader.Insert();
        using CardDesk desk = CardDesk.Open();
        CardReport report = Assert.Single(desk.Look());
        Assert.IsType<UnlockResult.NoMatchingKey>(desk.Decrypt(pcsc.Keys.Parsed(Plain, ["rsa2048"]), Pins.Make("123456"), report));
        Assert.Equal(0, card.VerifyCount);
        EncryptedKey message = pcsc.Keys.Parsed(Plain, ["cv25519"]);
        Assert.Equal(new UnlockResult.WrongPin(2), desk.Decrypt(message, Pins.Make("000000"), report));
        Assert.Equal((1, 2), (card.VerifyCount, card.UserTriesLeft));
        Assert.IsType<UnlockResult.CardRemoved>(desk.Decrypt(message, Pins.Make("123456"), report));
        AssertKey(desk.Decrypt(message, Pins.Make("123456"), Assert.Single(desk.Look())));
        Assert.Equal((2, 3), (card.VerifyCount, card.UserTriesLeft));

        // Switched off, at once: whoever looks next must switch it on.
        int starts = card.ResetCount;
        desk.Look();
        Assert.Equal(starts + 1, card.ResetCount);
    }

    [Theory]
    [InlineData(0xA4)]
    [InlineData(0xCA)]
    [InlineData(0x20)]
    [InlineData(0x2A)]
    public void Card_pulled_while_it_decrypts_is_removed_and_asked_once(byte at)
    {
        VirtualCard card = pcsc.Keys.Card("cv25519");
        using VpcdReader reader = pcsc.Reader(card);
        reader.Insert();
        using CardDesk desk = CardDesk.Open();
        CardReport report = Assert.Single(desk.Look());
        card.Faults.PullAtInstruction(at);
        Assert.IsType<UnlockResult.CardRemoved>(desk.Decrypt(pcsc.Keys.Parsed(Plain, ["cv25519"]), Pins.Make("123456"), report));
        Assert.InRange(card.VerifyCount, 0, 1);
        Assert.Empty(desk.Look());
    }

    [Fact]
    public void Foreign_card_is_told_and_sent_no_pin()
    {
        VirtualCard card = pcsc.Keys.Card("cv25519");
        card.Faults.FailInstruction(SelectInstruction, 0x6A82);
        using VpcdReader reader = pcsc.Reader(card);
        reader.Insert();
        using CardDesk desk = CardDesk.Open();
        CardReport report = Assert.Single(desk.Look());
        Assert.Contains("OpenPGP", report.Fault, StringComparison.Ordinal);
        Assert.Equal("", report.Serial);
        Assert.Equal(0, card.VerifyCount);
    }

    [Fact]
    public void Card_without_a_key_is_nobody_to_encrypt_to()
    {
        var card = new VirtualCard();
        using VpcdReader reader = pcsc.Reader(card);
        reader.Insert();
        using CardDesk desk = CardDesk.Open();
        CardReport report = Assert.Single(desk.Look());
        Assert.Equal((null, "", 0), (report.Fault, report.KeyType, report.Fingerprint.Length));
        Assert.Null(desk.ReadRecipient(report, out RecipientFault fault));
        Assert.Equal(RecipientFault.NoKeyOnCard, fault);
    }

    // The key is the card's, and the fingerprint another one's: whatever is encrypted to it, no message would name this card.
    [Theory]
    [InlineData("cv25519")]
    [InlineData("rsa2048")]
    public void Key_that_does_not_fit_its_fingerprint_is_refused(string algorithm)
    {
        VirtualCard card = pcsc.Keys.Card(algorithm);
        card.Put(0xC8, [.. Enumerable.Range(1, 20).Select(i => (byte)i)]);
        using VpcdReader reader = pcsc.Reader(card);
        reader.Insert();
        using CardDesk desk = CardDesk.Open();
        Assert.Null(desk.ReadRecipient(Assert.Single(desk.Look()), out RecipientFault fault));
        Assert.Equal(RecipientFault.FingerprintDiffers, fault);
    }

    [Fact]
    public void Key_whose_time_is_another_is_refused()
    {
        VirtualCard card = pcsc.Keys.Card("cv25519");
        card.Put(0xCF, 0x60, 0, 0, 0);
        using VpcdReader reader = pcsc.Reader(card);
        reader.Insert();
        using CardDesk desk = CardDesk.Open();
        Assert.Null(desk.ReadRecipient(Assert.Single(desk.Look()), out RecipientFault fault));
        Assert.Equal(RecipientFault.FingerprintDiffers, fault);
    }

    // What other programs write onto cards: unusual parameters, RFC 9580's own algorithms, version 6.
    [Theory]
    [InlineData(SoftCard.Ecdh, "2B060104019755010501", 4, 10, 9)]
    [InlineData(SoftCard.Ecdh, "2B060104019755010501", 6, 8, 7)]
    [InlineData(SoftCard.Ecdh, "2A8648CE3D030107", 4, 9, 8)]
    [InlineData(SoftCard.X25519, "2B060104019755010501", 4, 0, 0)]
    [InlineData(SoftCard.X25519, "2B060104019755010501", 6, 0, 0)]
    [InlineData(SoftCard.Ecdh, "2B656F", 4, 10, 9)]
    [InlineData(SoftCard.X448, "2B656F", 6, 0, 0)]
    public void Keys_of_other_programs_are_found_and_encrypted_to(byte algorithm, string oid, byte version, byte hash, byte cipher)
    {
        byte[] curve = Convert.FromHexString(oid);
        bool isNative = !oid.StartsWith("2A", StringComparison.Ordinal);
        byte[] scalar = System.Security.Cryptography.RandomNumberGenerator.GetBytes(oid == "2B656F" ? 56 : 32);
        scalar[0] &= 0x7F;
        var key = new SoftCard(algorithm, curve, version, isNative ? scalar : [.. scalar], [hash, cipher]);
        var card = new VirtualCard();
        byte[] imported = isNative && oid != "2B656F" ? [.. scalar.Reverse()] : scalar;
        card.ImportDecryptionKey(
            [18, .. curve], new Dictionary<int, byte[]> { [0x92] = imported }, key.Fingerprint[..20],
            DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadUInt32BigEndian(key.PublicPacketBody.AsSpan(1))));
        using VpcdReader reader = pcsc.Reader(card);
        reader.Insert();
        using CardDesk desk = CardDesk.Open();
        CardReport report = Assert.Single(desk.Look());
        Recipient? recipient = desk.ReadRecipient(report, out RecipientFault fault);
        Assert.Equal(RecipientFault.None, fault);
        Assert.Equal(key.Fingerprint, recipient!.Fingerprint);
        using SecretBuffer plain = KeyMessage.RandomKey(64);
        EncryptedKey message = EncryptionTests.Parsed(KeyMessage.Encrypt(plain, [recipient]), recipient.PublicKeys);
        using SecretBuffer secret = Assert.IsType<UnlockResult.Key>(desk.Decrypt(message, Pins.Make("123456"), report)).Secret;
        Assert.Equal(plain.Span.ToArray(), secret.Span.ToArray());
    }

    [Fact]
    public void Held_card_is_told_with_what_to_do()
    {
        VirtualCard card = pcsc.Keys.Card("cv25519");
        using VpcdReader reader = pcsc.Reader(card);
        reader.Insert();
        using GpgHome home = pcsc.NewHome();
        home.CardStatus();
        using CardDesk desk = CardDesk.Open();
        CardReport report = Assert.Single(desk.Look());
        Assert.Contains("gpgconf --kill scdaemon", report.Fault, StringComparison.Ordinal);
        PcscException refused = Assert.Throws<PcscException>(() => desk.ReadRecipient(report, out _));
        Assert.Contains("gpgconf --kill scdaemon", refused.Advice, StringComparison.Ordinal);
        UnlockResult result = desk.Decrypt(pcsc.Keys.Parsed(Plain, ["cv25519"]), Pins.Make("123456"), report);
        Assert.Contains("gpgconf --kill scdaemon", Assert.IsType<UnlockResult.ReaderError>(result).Reason, StringComparison.Ordinal);
        CodeResult change = desk.ChangePin(report, false, Pins.Make("123456"), Pins.Make("654321"));
        Assert.Contains("gpgconf --kill scdaemon", Assert.IsType<CodeResult.Failed>(change).Reason, StringComparison.Ordinal);
        Assert.Equal(0, card.VerifyCount);
        home.StopDaemons();
        Assert.True(SpinWait.SpinUntil(() => desk.Look() is [{ Fault: null }], MonitorWaits.Patience));
    }

    [Fact]
    public void Wait_ends_when_a_card_comes_or_goes_or_it_is_called_off()
    {
        VirtualCard card = pcsc.Keys.Card("cv25519");
        using VpcdReader reader = pcsc.Reader(card);
        using CardDesk desk = CardDesk.Open();
        Assert.Empty(desk.Look());

        // The reader is the one of the tests before, and pcscd may still be telling of their last card.
        Assert.True(SpinWait.SpinUntil(() => !desk.WaitForChange(TimeSpan.Zero, CancellationToken.None), MonitorWaits.Patience));
        Assert.True(SpinWait.SpinUntil(() => !desk.WaitForChange(TimeSpan.FromMilliseconds(50), CancellationToken.None), MonitorWaits.Patience));
        var insert = new Thread(reader.Insert);
        insert.Start();
        Assert.True(desk.WaitForChange(MonitorWaits.Patience, CancellationToken.None));
        insert.Join();
        SpinWait.SpinUntil(() => desk.Look().Count == 1, MonitorWaits.Patience);
        Assert.Null(Assert.Single(desk.Look()).Fault);

        // What came between the look and the wait is not missed.
        reader.Remove();
        Assert.True(desk.WaitForChange(MonitorWaits.Patience, CancellationToken.None));
        Assert.Empty(desk.Look());
        using var cancellation = new CancellationTokenSource();
        var cancel = new Thread(cancellation.Cancel);
        cancel.Start();
        Assert.False(desk.WaitForChange(Timeout.InfiniteTimeSpan, cancellation.Token));
        cancel.Join();
    }

    [Fact]
    public void Missing_service_is_told_with_what_to_do() =>
        Assert.Contains("pcscd", new PcscException("SCardEstablishContext", "", 0x8010001D).Advice, StringComparison.Ordinal);

    private static void AssertKey(UnlockResult result)
    {
        using SecretBuffer secret = Assert.IsType<UnlockResult.Key>(result).Secret;
        Assert.Equal(Plain, secret.Span.ToArray());
    }

    private static bool IsInLockedMemory(byte[] secret)
    {
        using FileStream memory = new("/proc/self/mem", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        string range = "";
        bool isFound = false;
        foreach (string line in File.ReadAllLines("/proc/self/smaps"))
        {
            string[] words = line.Split(' ');
            range = words[0].Contains('-', StringComparison.Ordinal) ? words[0] : range;
            isFound |= words[0] == "VmFlags:" && words.Contains("lo") && Read(memory, range).AsSpan().IndexOf(secret) >= 0;
        }

        return isFound;
    }

    // Another test's may be gone by now.
    private static byte[] Read(FileStream memory, string range)
    {
        long[] ends = [.. range.Split('-').Select(end => long.Parse(end, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
        byte[] bytes = new byte[ends[1] - ends[0]];
        try
        {
            memory.Position = ends[0];
            memory.ReadExactly(bytes);
        }
        catch (IOException)
        {
        }

        return bytes;
    }
}
