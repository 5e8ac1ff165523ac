// SPDX-License-Identifier: GPL-3.0-or-later
// Messages to several, tokens that parse back, recipients that are found again for the next message.

using CardSimulator;

namespace CardUnlock.Tests.Desk;

public sealed class KeyMessageTests(GpgKeys keys, Gnupg24 newer) : IClassFixture<GpgKeys>, IClassFixture<Gnupg24>
{
    private static readonly string[] Algorithms = ["rsa2048", "cv25519", "nistp256"];

    [Fact]
    public void Every_recipient_opens_it_with_gpg_and_with_the_agents_reader()
    {
        Recipient[] recipients = [.. Algorithms.Select(Recipient)];
        foreach (int length in (int[])[1, 32, 64, 191, 192, 8192])
        {
            using SecretBuffer key = KeyMessage.RandomKey(length);
            byte[] message = KeyMessage.Encrypt(key, [.. recipients, recipients[0]]);
            Assert.Equal(key.Span.ToArray(), keys.Decrypt(message).Plain);
            EncryptedKey parsed = EncryptionTests.Parsed(message, KeyMessage.PublicKeys(recipients));
            Assert.Equal(recipients.Select(recipient => recipient.KeyId), parsed.RecipientKeyIds);
            Assert.Equal(Algorithms, parsed.WantedCards.Select(card => card.Name));
            foreach (string algorithm in Algorithms)
            {
                AssertOpens(keys.Card(algorithm), parsed, key.Span.ToArray());
            }
        }
    }

    [Fact]
    public void Message_is_aes_256_with_mdc_and_a_nameless_binary_literal()
    {
        using SecretBuffer key = KeyMessage.RandomKey(32);
        string packets = keys.ListPackets(KeyMessage.Encrypt(key, [.. Algorithms.Select(Recipient)]));
        Assert.Equal(3, packets.Split(":pubkey enc packet: version 3").Length - 1);
        Assert.Contains(":encrypted data packet:", packets, StringComparison.Ordinal);
        Assert.Contains("mdc_method: 2", packets, StringComparison.Ordinal);
        Assert.Contains("mode b (62), created 0, name=\"\"", packets, StringComparison.Ordinal);
        Assert.Contains("raw data: 32 bytes", packets, StringComparison.Ordinal);
        Assert.Equal(9, keys.Decrypt(KeyMessage.Encrypt(key, [Recipient("cv25519")])).SessionKey[0]);
    }

    [Fact]
    public void No_two_messages_or_keys_are_alike()
    {
        using SecretBuffer key = KeyMessage.RandomKey(32);
        using SecretBuffer other = KeyMessage.RandomKey(32);
        Assert.NotEqual(key.Span.ToArray(), other.Span.ToArray());
        Recipient[] recipients = [.. Algorithms.Select(Recipient)];
        byte[] first = KeyMessage.Encrypt(key, recipients);
        byte[] second = KeyMessage.Encrypt(key, recipients);
        Assert.NotEqual(keys.Decrypt(first).SessionKey, keys.Decrypt(second).SessionKey);
        Assert.True(first.Zip(second).Count(pair => pair.First == pair.Second) < first.Length / 4);
    }

    [Theory]
    [InlineData("rsa2048")]
    [InlineData("cv25519")]
    [InlineData("nistp256")]
    public void Gnupg_2_4_reads_every_packet(string algorithm)
    {
        using SecretBuffer key = KeyMessage.RandomKey(32);
        string packets = newer.ListPackets(KeyMessage.Encrypt(key, [Recipient(algorithm)]));
        Assert.Contains(":pubkey enc packet: version 3", packets, StringComparison.Ordinal);
        Assert.Contains("mdc_method: 2", packets, StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_or_nothing_to_encrypt_is_a_mistake()
    {
        using SecretBuffer key = KeyMessage.RandomKey(32);
        using SecretBuffer none = SecretBuffer.Allocate(1);
        using SecretBuffer tooLong = KeyMessage.RandomKey(KeyMessage.MaxLength + 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => KeyMessage.Encrypt(key, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => KeyMessage.Encrypt(none, [Recipient("cv25519")]));
        Assert.Throws<ArgumentOutOfRangeException>(() => KeyMessage.Encrypt(tooLong, [Recipient("cv25519")]));
    }

    [Fact]
    public void Token_parses_back_and_its_recipients_are_found_again()
    {
        string awkward = "Ann \"the\\one\" +</é🔑 " + new string('ü', 40);
        Recipient[] recipients =
        [
            new(Recipient("rsa2048").Key, "Ada Lovelace", "0006 12345678"),
            new(Recipient("cv25519").Key, awkward, ""),
            new(Recipient("nistp256").Key, "", "000F 0000ABCD"),
        ];
        using SecretBuffer key = KeyMessage.RandomKey(32);
        byte[] message = KeyMessage.Encrypt(key, recipients);
        byte[] json = KeyMessage.ToToken([1, 31], message, recipients);
        Assert.DoesNotContain("\\u002B", System.Text.Encoding.UTF8.GetString(json), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(TokenFault.None, LuksToken.Parse(json, out LuksToken? token));
        Assert.Equal([1, 31], token!.Keyslots);
        Assert.Equal(message, token.Message);
        Assert.Equal(new WantedCard("Ada Lovelace", "0006 12345678"), token.Cards[0]);
        Assert.StartsWith(token.Cards[1].Name, awkward, StringComparison.Ordinal);
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(token.Cards[1].Name), 60, 64);
        Assert.Equal(new WantedCard("", "000F 0000ABCD"), token.Cards[2]);

        IReadOnlyList<Recipient> found = CardUnlock.Recipient.OfToken(token, out IReadOnlyList<ulong> missing);
        Assert.Empty(missing);
        Assert.Equal(recipients.Select(r => r.KeyId), found.Select(r => r.KeyId));
        Assert.Equal(["0006 12345678", "", "000F 0000ABCD"], found.Select(r => r.Serial));
        Assert.Equal(["Ada Lovelace", ""], [found[0].Name, found[2].Name]);

        // The next key, for the same ones.
        using SecretBuffer next = KeyMessage.RandomKey(32);
        Assert.Equal(next.Span.ToArray(), keys.Decrypt(KeyMessage.Encrypt(next, found)).Plain);
    }

    [Fact]
    public void Sixteen_cards_are_what_a_token_names()
    {
        Recipient[] many = [.. Enumerable.Range(0, 20).Select(i => new Recipient(Recipient("cv25519").Key, $"Card {i}", ""))];
        using SecretBuffer key = KeyMessage.RandomKey(32);
        byte[] json = KeyMessage.ToToken([0], KeyMessage.Encrypt(key, many), many);
        Assert.Equal(TokenFault.None, LuksToken.Parse(json, out LuksToken? token));
        Assert.Equal(16, token!.Cards.Count);
    }

    // As docs/luks2-token.md has a token made by hand: whole exports, and the serial number in its cards alone.
    [Fact]
    public void Recipients_of_a_token_made_by_hand_are_found()
    {
        byte[] message = keys.Message([1, 2, 3], ["cv25519"]);
        byte[] exported = File.ReadAllBytes(keys.PublicKeyFile("cv25519"));
        var token = new LuksToken([1], message, exported, [new WantedCard("Blue card", "0006 12345678")]);
        Recipient recipient = Assert.Single(CardUnlock.Recipient.OfToken(token, out IReadOnlyList<ulong> missing));
        Assert.Empty(missing);
        Assert.Equal(("cv25519", "cv25519", "0006 12345678"), (recipient.Name, recipient.Algorithm, recipient.Serial));
        Assert.Equal(Recipient("cv25519").Fingerprint, recipient.Fingerprint);
        Assert.True(recipient.PublicKeys.Length < exported.Length / 2);
    }

    [Fact]
    public void Recipients_without_a_public_key_are_told()
    {
        byte[] message = keys.Message([1], Algorithms);
        byte[] two = [.. Recipient("rsa2048").PublicKeys, .. Recipient("nistp256").PublicKeys];
        IReadOnlyList<Recipient> found = CardUnlock.Recipient.OfMessage(message, two, out IReadOnlyList<ulong> missing);
        Assert.Equal(["rsa2048", "nistp256"], found.Select(r => r.Algorithm));
        Assert.Equal(Recipient("cv25519").KeyId, Assert.Single(missing));

        CardUnlock.Recipient.OfMessage(keys.Message([1], ["cv25519"], "--throw-keyids"), two, out missing);
        Assert.Equal([0UL], missing);
        Assert.Empty(CardUnlock.Recipient.OfMessage([1, 2, 3], two, out missing));
        Assert.Equal([0UL], missing);
        Assert.Empty(CardUnlock.Recipient.OfMessage(message, [1, 2, 3], out missing));
        Assert.Equal(3, missing.Count);
    }

    [Fact]
    public void Serial_number_is_found_behind_a_name_with_a_comment()
    {
        var recipient = new Recipient(Recipient("cv25519").Key, "Ada (work)", "0006 12345678");
        byte[] message = keys.Message([1], ["cv25519"]);
        Recipient found = Assert.Single(CardUnlock.Recipient.OfMessage(message, recipient.PublicKeys, out _));
        Assert.Equal("0006 12345678", found.Serial);
    }

    // A backup key of an algorithm that is not known here opens the old message: the next one must not silently leave it out.
    [Fact]
    public void Recipient_of_an_unknown_algorithm_is_one_that_is_missing()
    {
        const ulong Elgamal = 0x1122334455667788;
        byte[] share = PacketMaker.Packet(1, [3, .. PacketMaker.BigEndian(Elgamal), 16, .. PacketMaker.Mpi([5]), .. PacketMaker.Mpi([7])]);
        byte[] other = PacketMaker.Packet(1, [9, 1, 2, 3]);
        byte[] message = [.. share, .. other, .. keys.Message([1], ["cv25519"])];
        Recipient card = Recipient("cv25519");
        IReadOnlyList<Recipient> found = CardUnlock.Recipient.OfMessage(message, card.PublicKeys, out IReadOnlyList<ulong> missing);
        Assert.Equal(card.KeyId, Assert.Single(found).KeyId);
        Assert.Equal([Elgamal, 0], missing);
        AssertOpens(keys.Card("cv25519"), EncryptionTests.Parsed(message, card.PublicKeys), [1]);
    }

    private Recipient Recipient(string algorithm)
    {
        byte[] file = File.ReadAllBytes(keys.PublicKeyFile(algorithm));
        return Assert.IsType<Recipient>(CardUnlock.Recipient.Read(file, DateTimeOffset.UtcNow, out _));
    }

    private static void AssertOpens(VirtualCard card, EncryptedKey message, byte[] expected)
    {
        using CardSession session = CardSession.Open(new CardTransport(card), false, [message], askVerified: false)!;
        using SecretBuffer secret = Assert.IsType<UnlockResult.Key>(session.Unlock(Pins.Make("123456"))).Secret;
        Assert.Equal(expected, secret.Span.ToArray());
    }
}
