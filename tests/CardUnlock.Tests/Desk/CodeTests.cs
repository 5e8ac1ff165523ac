// SPDX-License-Identifier: GPL-3.0-or-later
// New PINs, unblocking, resetting codes: sent once, counted once, and what gpg then makes of the card.

using System.Security.Cryptography;
using System.Text;
using CardSimulator;

namespace CardUnlock.Tests.Desk;

[Collection(OnePcscd.Name)]
public sealed class CodeTests(PcscFixture pcsc)
{
    private const byte VerifyInstruction = 0x20;
    private const byte ChangeInstruction = 0x24;
    private const byte ResetInstruction = 0x2C;
    private const byte PutInstruction = 0xDA;
    private const string Pin = "123456";
    private const string Admin = "12345678";
    private const string Code = "87654321";
    private const string Next = "neue PIN 9";
    private static readonly byte[] CodeInstructions = [VerifyInstruction, ChangeInstruction, ResetInstruction, PutInstruction];
    private static readonly byte[] Plain = [.. Enumerable.Range(0, 32).Select(i => (byte)(i * 7))];
    private static readonly byte[] PinSalt = [1, 2, 3, 4, 5, 6, 7, 8];
    private static readonly byte[] CodeSalt = [11, 12, 13, 14, 15, 16, 17, 18];
    private static readonly byte[] AdminSalt = [21, 22, 23, 24, 25, 26, 27, 28];

    [Fact]
    public void Changed_pin_is_the_one_that_gpg_wants()
    {
        var card = new VirtualCard();
        using VpcdReader reader = pcsc.Reader(card);
        reader.Insert();
        using GpgHome home = pcsc.NewHome();
        string key = home.GenerateKey("cv25519");
        home.KeyToCard(key);
        home.StopDaemons();
        using CardDesk desk = CardDesk.Open();
        CardReport shown = Assert.Single(desk.Look());
        card.ClearLog();
        Assert.IsType<CodeResult.Done>(desk.ChangePin(shown, admin: false, Pins.Make(Pin), Pins.Make(Next)));
        Assert.Equal([ChangeInstruction], SentCodes(card));

        // Switched off, at once: whoever looks next must switch it on.
        int starts = card.ResetCount;
        desk.Look();
        Assert.Equal(starts + 1, card.ResetCount);
        string message = Path.Combine(home.Folder, "message");
        File.WriteAllText(message + ".plain", "key");
        home.Encrypt(message + ".plain", message, key);
        Assert.NotEqual(0, home.Decrypt(message, Pin).ExitCode);
        Assert.Equal(2, card.UserTriesLeft);
        Assert.Equal("key", home.Decrypt(message, Next).Output);
    }

    [Fact]
    public void Changed_admin_pin_is_the_one_that_gpg_wants()
    {
        var card = new VirtualCard();
        using VpcdReader reader = pcsc.Reader(card);
        reader.Insert();
        using CardDesk desk = CardDesk.Open();
        CardReport shown = Assert.Single(desk.Look());
        card.ClearLog();
        Assert.IsType<CodeResult.Done>(desk.ChangePin(shown, admin: true, Pins.Make(Admin), Pins.Make(Next)));
        Assert.Equal([ChangeInstruction], SentCodes(card));
        desk.Dispose();
        using GpgHome home = pcsc.NewHome();
        string key = home.GenerateKey("cv25519");
        home.KeyToCard(key, Next);
        Assert.Contains(home.Fingerprints()[1], home.CardStatus().Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Wrong_codes_cost_one_try_each_and_the_last_one_blocks(bool tellsTries)
    {
        VirtualCard card = pcsc.Keys.Card("cv25519", new CardOptions { WrongPinTellsTries = tellsTries });
        card.SetResettingCode(Encoding.ASCII.GetBytes(Code));
        using VpcdReader reader = pcsc.Reader(card);
        reader.Insert();
        using CardDesk desk = CardDesk.Open();
        for (int left = 2; left >= 0; left--)
        {
            Assert.Equal(
                new CodeResult.Wrong(left), Change(desk, card, s => desk.ChangePin(s, false, Pins.Make("000000"), Pins.Make(Next))));
            Assert.Equal(left, card.UserTriesLeft);
            Assert.Equal(
                new CodeResult.Wrong(left), Change(desk, card, s => desk.ChangePin(s, true, Pins.Make("00000000"), Pins.Make(Next))));
            Assert.Equal(left, card.AdminTriesLeft);
            Assert.Equal(
                new CodeResult.Wrong(left), Change(desk, card, s => desk.Unblock(s, false, Pins.Make("00000000"), Pins.Make(Next))));
            Assert.Equal(left, card.ResetTriesLeft);
        }

        card.ClearLog();
        CardReport shown = Assert.Single(desk.Look());
        Assert.Equal((0, 0, 0), (shown.TriesLeft, shown.ResetTriesLeft, shown.AdminTriesLeft));
        Assert.IsType<CodeResult.Blocked>(desk.ChangePin(shown, false, Pins.Make(Pin), Pins.Make(Next)));
        Assert.IsType<CodeResult.Blocked>(desk.ChangePin(shown, true, Pins.Make(Admin), Pins.Make(Next)));
        Assert.IsType<CodeResult.Blocked>(desk.Unblock(shown, false, Pins.Make(Code), Pins.Make(Next)));
        Assert.IsType<CodeResult.Blocked>(desk.Unblock(shown, true, Pins.Make(Admin), Pins.Make(Next)));
        Assert.IsType<CodeResult.Blocked>(desk.SetResetCode(shown, Pins.Make(Admin), Pins.Make(Code)));
        Assert.Empty(SentCodes(card));
    }

    [Theory]
    [InlineData("canokey")]
    [InlineData("SmartPGP")]
    [InlineData("pico")]
    [InlineData("Gnuk")]
    [InlineData("NEO")]
    [InlineData("YubiKey 5")]
    public void Every_change_works_on_the_cards_of_the_field(string profile)
    {
        VirtualCard card = pcsc.Keys.Card("cv25519", CardProfiles.All[profile]);
        using VpcdReader reader = pcsc.Reader(card);
        reader.Insert();
        using CardDesk desk = CardDesk.Open();
        Assert.IsType<CodeResult.Done>(Change(desk, card, s => desk.ChangePin(s, false, Pins.Make(Pin), Pins.Make(Next))));
        Assert.IsType<CodeResult.Done>(Change(desk, card, s => desk.ChangePin(s, true, Pins.Make(Admin), Pins.Make("new admin"))));
        Assert.IsType<CodeResult.Done>(
            Change(desk, card, s => desk.SetResetCode(s, Pins.Make("new admin"), Pins.Make(Code)), VerifyInstruction, PutInstruction));
        card.UserTriesLeft = 0;
        Assert.IsType<CodeResult.Done>(Change(desk, card, s => desk.Unblock(s, false, Pins.Make(Code), Pins.Make(Pin))));
        Assert.Equal(3, card.UserTriesLeft);
        card.UserTriesLeft = 0;
        Assert.IsType<CodeResult.Done>(
            Change(desk, card, s => desk.Unblock(s, true, Pins.Make("new admin"), Pins.Make(Next)), VerifyInstruction, ResetInstruction));
        CardReport shown = Assert.Single(desk.Look());
        Assert.Equal((3, 3, 3), (shown.TriesLeft, shown.ResetTriesLeft, shown.AdminTriesLeft));
        AssertKey(desk.Decrypt(pcsc.Keys.Parsed(Plain, ["cv25519"]), Pins.Make(Next), shown));
    }

    [Fact]
    public void Impossible_lengths_are_sent_nowhere()
    {
        VirtualCard card = pcsc.Keys.Card("cv25519", CardProfiles.Gnuk);
        card.SetResettingCode(Encoding.ASCII.GetBytes(Code));
        using VpcdReader reader = pcsc.Reader(card);
        reader.Insert();
        using CardDesk desk = CardDesk.Open();
        CardReport shown = Assert.Single(desk.Look());
        Assert.Equal(((6, 127), (8, 127), (8, 127)), (shown.PinLength, shown.AdminLength, shown.ResetLength));
        card.ClearLog();
        foreach (int length in (int[])[0, 5, 128])
        {
            AssertLength(6, desk.ChangePin(shown, false, Digits(length), Pins.Make(Next)));
            AssertLength(6, desk.ChangePin(shown, false, Pins.Make(Pin), Digits(length)));
            AssertLength(6, desk.Unblock(shown, true, Pins.Make(Admin), Digits(length)));
            AssertLength(6, desk.Unblock(shown, false, Pins.Make(Code), Digits(length)));
        }

        foreach (int length in (int[])[0, 7, 128])
        {
            AssertLength(8, desk.ChangePin(shown, true, Digits(length), Pins.Make(Next)));
            AssertLength(8, desk.ChangePin(shown, true, Pins.Make(Admin), Digits(length)));
            AssertLength(8, desk.Unblock(shown, false, Digits(length), Pins.Make(Next)));
            AssertLength(8, desk.SetResetCode(shown, Digits(length), Pins.Make(Code)));
            AssertLength(8, desk.SetResetCode(shown, Pins.Make(Admin), Digits(length)));
        }

        Assert.Empty(SentCodes(card));
        Assert.Equal((3, 3, 3), (card.UserTriesLeft, card.ResetTriesLeft, card.AdminTriesLeft));
    }

    // Each code has its own salt; a card without the others means the PIN's for all.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Where_codes_are_hashed_the_card_is_sent_hashes(bool ownSalts)
    {
        byte[] adminSalt = ownSalts ? AdminSalt : PinSalt;
        VirtualCard card = pcsc.Keys.Card("cv25519");
        card.Put(0xF9,
        [
            0x81, 1, 3, 0x82, 1, 8, 0x83, 4, 0, 0, 0x10, 0, 0x84, 8, .. PinSalt,
            .. ownSalts ? (byte[])[0x85, 8, .. CodeSalt, 0x86, 8, .. AdminSalt] : [],
            0x87, 32, .. Hash(PinSalt, Pin), 0x88, 32, .. Hash(adminSalt, Admin),
        ]);
        using VpcdReader reader = pcsc.Reader(card);
        reader.Insert();
        using CardDesk desk = CardDesk.Open();
        Assert.IsType<CodeResult.Done>(Change(desk, card, s => desk.ChangePin(s, false, Pins.Make(Pin), Pins.Make(Next))));
        Assert.IsType<CodeResult.Done>(Change(desk, card, s => desk.ChangePin(s, true, Pins.Make(Admin), Pins.Make("new admin"))));
        Assert.IsType<CodeResult.Done>(
            Change(desk, card, s => desk.SetResetCode(s, Pins.Make("new admin"), Pins.Make(Code)), VerifyInstruction, PutInstruction));
        Assert.IsType<CodeResult.Done>(Change(desk, card, s => desk.Unblock(s, false, Pins.Make(Code), Pins.Make(Pin))));
        Assert.IsType<CodeResult.Done>(
            Change(desk, card, s => desk.Unblock(s, true, Pins.Make("new admin"), Pins.Make(Next)), VerifyInstruction, ResetInstruction));
        AssertKey(desk.Decrypt(pcsc.Keys.Parsed(Plain, ["cv25519"]), Pins.Make(Next), Assert.Single(desk.Look())));
        Assert.Equal(Hash(PinSalt, Next).Length, card.Log.Last(entry => entry is { Ins: VerifyInstruction, DataLength: > 0 }).DataLength);
    }

    [Fact]
    public void Code_is_for_the_card_that_was_seen()
    {
        VirtualCard card = pcsc.Keys.Card("cv25519");
        card.SetResettingCode(Encoding.ASCII.GetBytes(Code));
        using VpcdReader reader = pcsc.Reader(card);
        reader.Insert();
        using CardDesk desk = CardDesk.Open();
        CardReport shown = Assert.Single(desk.Look());
        card.ClearLog();
        foreach (CardReport other in (CardReport[])
            [
                shown with { Serial = "0006 00000002" }, shown with { TriesLeft = 2 }, shown with { ResetTriesLeft = 1 },
                shown with { AdminTriesLeft = 1 }, shown with { Reader = "No such reader 00 00" },
            ])
        {
            Assert.IsType<CodeResult.CardRemoved>(desk.ChangePin(other, false, Pins.Make(Pin), Pins.Make(Next)));
            Assert.IsType<CodeResult.CardRemoved>(desk.Unblock(other, false, Pins.Make(Code), Pins.Make(Next)));
            Assert.IsType<CodeResult.CardRemoved>(desk.SetResetCode(other, Pins.Make(Admin), Pins.Make(Next)));
        }

        EncryptedKey message = pcsc.Keys.Parsed(Plain, ["cv25519"]);
        Assert.IsType<UnlockResult.CardRemoved>(desk.Decrypt(message, Pins.Make(Pin), shown with { Serial = "0006 00000002" }));
        Assert.IsType<UnlockResult.CardRemoved>(desk.Decrypt(message, Pins.Make(Pin), shown with { TriesLeft = 1 }));
        Assert.Empty(SentCodes(card));
    }

    [Fact]
    public void Secrets_are_zeroed_whatever_comes_of_it()
    {
        VirtualCard card = pcsc.Keys.Card("cv25519");
        using VpcdReader reader = pcsc.Reader(card);
        reader.Insert();
        using CardDesk desk = CardDesk.Open();
        CardReport shown = Assert.Single(desk.Look());
        foreach (CardReport report in (CardReport[])[shown with { Reader = "none" }, shown])
        {
            SecretBuffer first = Pins.Make("999999");
            SecretBuffer second = Pins.Make(Next);
            desk.ChangePin(report, false, first, second);
            Assert.True(first.IsClosed && second.IsClosed);
        }

        SecretBuffer pin = Pins.Make(Pin);
        desk.Decrypt(pcsc.Keys.Parsed(Plain, ["rsa2048"]), pin, Assert.Single(desk.Look()));
        Assert.True(pin.IsClosed);
    }

    [Theory]
    [InlineData(ChangeInstruction, false)]
    [InlineData(ChangeInstruction, true)]
    [InlineData(VerifyInstruction, true)]
    [InlineData(PutInstruction, true)]
    public void Card_pulled_on_the_way_is_sent_nothing_twice(byte at, bool admin)
    {
        VirtualCard card = pcsc.Keys.Card("cv25519");
        using VpcdReader reader = pcsc.Reader(card);
        reader.Insert();
        using CardDesk desk = CardDesk.Open();
        CardReport shown = Assert.Single(desk.Look());
        card.ClearLog();
        card.Faults.PullAtInstruction(at);
        CodeResult result = at == ChangeInstruction
            ? desk.ChangePin(shown, admin, Pins.Make(admin ? Admin : Pin), Pins.Make(Next))
            : desk.SetResetCode(shown, Pins.Make(Admin), Pins.Make(Code));

        // Whether the card took the new code is told from its having got none.
        Assert.Equal(new CodeResult.CardRemoved(IsUncertain: at != VerifyInstruction), result);
        Assert.All(SentCodes(card).GroupBy(static ins => ins), group => Assert.Single(group));
    }

    // A status word of a card's own for a code that breaks its rules: not a wrong PIN, and not sent again.
    [Theory]
    [InlineData(0x6985)]
    [InlineData(0x6A80)]
    [InlineData(0x6F00)]
    public void Rules_of_the_card_are_told_from_a_wrong_pin(int status)
    {
        VirtualCard card = pcsc.Keys.Card("cv25519");
        using VpcdReader reader = pcsc.Reader(card);
        reader.Insert();
        using CardDesk desk = CardDesk.Open();
        CardReport shown = Assert.Single(desk.Look());
        card.ClearLog();
        card.Faults.FailInstruction(ChangeInstruction, (ushort)status);
        CodeResult result = desk.ChangePin(shown, false, Pins.Make(Pin), Pins.Make(Next));
        Assert.Contains($"{status:X4}", Assert.IsType<CodeResult.Failed>(result).Reason, StringComparison.Ordinal);
        Assert.Equal([ChangeInstruction], SentCodes(card));
    }

    // Looks anew, as a person does, and proves that each code went once.
    private static CodeResult Change(CardDesk desk, VirtualCard card, Func<CardReport, CodeResult> change, params byte[] instructions)
    {
        CardReport shown = Assert.Single(desk.Look());
        card.ClearLog();
        CodeResult result = change(shown);
        byte[] sent = SentCodes(card);
        Assert.True(instructions.Length == 0 ? sent.Length == 1 : sent.SequenceEqual(instructions), Convert.ToHexString(sent));
        return result;
    }

    private static byte[] SentCodes(VirtualCard card) =>
        [.. card.Log.Where(entry => CodeInstructions.Contains(entry.Ins) && entry.DataLength > 0).Select(entry => entry.Ins)];

    private static void AssertLength(int least, CodeResult result) =>
        Assert.Equal((least, 127), Assert.IsType<CodeResult.WrongLength>(result) is var length ? (length.Min, length.Max) : default);

    private static SecretBuffer Digits(int length)
    {
        SecretBuffer secret = SecretBuffer.Allocate(256);
        secret.Resize(length).Fill((byte)'1');
        return secret;
    }

    private static byte[] Hash(byte[] salt, string pin)
    {
        byte[] round = [.. salt, .. Encoding.ASCII.GetBytes(pin)];
        return SHA256.HashData([.. Enumerable.Range(0, 0x1000).Select(i => round[i % round.Length])]);
    }

    private static void AssertKey(UnlockResult result)
    {
        using SecretBuffer secret = Assert.IsType<UnlockResult.Key>(result).Secret;
        Assert.Equal(Plain, secret.Span.ToArray());
    }
}
