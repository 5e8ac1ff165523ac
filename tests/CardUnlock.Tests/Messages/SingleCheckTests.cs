// SPDX-License-Identifier: GPL-3.0-or-later
// Messages and answers with which all is well but for one thing: each check by itself, where another one behind it would say no as well.

using System.IO.Compression;
using static CardUnlock.Tests.PacketMaker;

namespace CardUnlock.Tests;

public sealed class SingleCheckTests
{
    private const byte Aes128 = 7, Aes256 = 9;
    private static readonly byte[] SessionKey = [Aes256, .. Enumerable.Range(0, 32).Select(i => (byte)(200 - i))];
    private static readonly byte[] Plain = [.. Enumerable.Range(0, 64).Select(i => (byte)i)];

    [Theory]
    [InlineData(0xD3, 0x15)]
    [InlineData(0xD2, 0x14)]
    public void A_right_hash_in_a_packet_that_is_none_of_its_own_is_damage(byte tag, byte length)
    {
        Assert.Equal(Opening.Opened, Decrypted(Mdc(SessionKey, Literal(Plain))));
        Assert.Equal(Opening.Damaged, Decrypted(Mdc(SessionKey, Literal(Plain), [tag, length])));
    }

    [Fact]
    public void Data_too_short_for_their_ciphers_blocks_are_damage()
    {
        // Long enough for a cipher with blocks of 8 bytes, and the hash is right: 8, 2, 2, 20 and 16, 2, 2, 20.
        for (int length = 32; length < 40; length++)
        {
            byte[] hashed = [.. new byte[length - 22], 0xD3, 0x14];
            Assert.Equal(Opening.Damaged, Decrypted(Hashed(SessionKey, hashed)));
        }
    }

    [Fact]
    public void Data_too_short_for_any_cipher_are_told_before_a_card_is_asked()
    {
        Assert.Equal(MessageFault.Truncated, MdcData.Parse([1, .. new byte[31]], out _));
        Assert.Equal(MessageFault.None, MdcData.Parse([1, .. new byte[32]], out _));
    }

    [Theory]
    [InlineData(0, 0, Opening.Opened)]
    [InlineData(1, 0, Opening.NotTheRecipient)]
    [InlineData(0, 1, Opening.NotTheRecipient)]
    public void Both_bytes_of_a_session_keys_sum_count(byte high, byte low, object opening)
    {
        byte[] key = [.. SessionKey[1..]];
        int sum = key.Sum(b => b);
        byte[] block = [Aes256, .. key, (byte)((sum >> 8) ^ high), (byte)(sum ^ low)];
        Assert.Equal((Opening)opening, SessionKeyBlock.Read(block, hasCipher: true, out SecretBuffer? read));
        read?.Dispose();
    }

    [Theory]
    [InlineData(0, 15, Opening.NotTheRecipient)]
    [InlineData(0, 16, Opening.Opened)]
    [InlineData(0, 32, Opening.Opened)]
    [InlineData(0, 33, Opening.NotTheRecipient)]
    [InlineData(Aes128, 32, Opening.NotTheRecipient)]
    [InlineData(Aes256, 16, Opening.NotTheRecipient)]
    [InlineData(Aes256, 32, Opening.Opened)]
    public void A_session_key_has_a_length_that_its_cipher_takes(byte cipher, int length, object opening)
    {
        Assert.Equal((Opening)opening, SessionKeyBlock.Take(cipher, hasCipher: cipher != 0, new byte[length], out SecretBuffer? key));
        key?.Dispose();
    }

    [Theory]
    [InlineData(16)]
    [InlineData(25)]
    [InlineData(31)]
    [InlineData(256)]
    [InlineData(264)]
    public void A_wrapped_key_of_an_impossible_length_is_unwrapped_to_nothing(int length)
    {
        using SecretBuffer key = SecretBuffer.Allocate(300);
        Assert.False(KeyWrap.TryUnwrap(new byte[16], new byte[length], key));
        Assert.Equal(0, key.Length);
    }

    [Fact]
    public void What_a_wrong_key_unwraps_is_not_kept()
    {
        byte[] wrapped = KeyWrap.Wrap(SessionKey.AsSpan(1, 16), Plain);
        using SecretBuffer key = SecretBuffer.Allocate(100);
        Assert.False(KeyWrap.TryUnwrap(new byte[16], wrapped, key));
        Assert.Equal(0, key.Length);
        Assert.Equal(new byte[64], key.Resize(64).ToArray());
    }

    [Fact]
    public void Sixty_four_recipients_are_taken_and_no_more()
    {
        byte[] packet = new SoftCard(SoftCard.Ecdh).SessionKeyPacket(SessionKey);
        byte[] data = Mdc(SessionKey, Literal(Plain));
        Assert.Equal(MessageFault.None, EncryptedKey.Parse([.. Enumerable.Repeat(packet, 64).SelectMany(p => p), .. data], out _));
        Assert.Equal(MessageFault.TooLarge, EncryptedKey.Parse([.. Enumerable.Repeat(packet, 65).SelectMany(p => p), .. data], out _));
    }

    [Theory]
    [InlineData(0, Opening.Damaged)]
    [InlineData(1, Opening.Opened)]
    [InlineData(8192, Opening.Opened)]
    [InlineData(8193, Opening.Damaged)]
    public void A_key_has_1_to_8192_bytes(int length, object opening) =>
        Assert.Equal((Opening)opening, Decrypted(Mdc(SessionKey, Literal(new byte[length]))));

    /// <summary>What could be inflated holds a whole literal packet; what the end would have said is not known.</summary>
    [Fact]
    public void Compressed_data_that_end_early_give_no_key_though_it_is_in_them()
    {
        byte[] noise = new byte[600];
        new Random(1).NextBytes(noise);
        using var compressed = new MemoryStream();
        using (var deflate = new DeflateStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            // In a block of its own.
            deflate.Write(Literal(Plain));
            deflate.Flush();
            deflate.Write(Packet(21, noise));
        }

        byte[] whole = compressed.ToArray();
        Assert.Equal(Opening.Opened, Decrypted(Mdc(SessionKey, Packet(8, [1, .. whole]))));
        Assert.Equal(Opening.Damaged, Decrypted(Mdc(SessionKey, Packet(8, [1, .. whole[..^100]]))));
    }

    [Fact]
    public void A_card_without_a_key_is_nobodys_recipient_not_even_a_hidden_one()
    {
        var card = new SoftCard(SoftCard.Ecdh);
        byte[] hidden = card.SessionKeyPacket(SessionKey);
        hidden.AsSpan(hidden.AsSpan().IndexOf(card.Fingerprint.AsSpan(12)), 8).Clear();
        EncryptedKey message = MessageAssert.Parse([.. hidden, .. Mdc(SessionKey, Literal(Plain))]);
        Assert.Single(message.CandidatesFor(card.Data));
        Assert.Empty(message.CandidatesFor(card.Data with { LacksKey = true }));
    }

    [Fact]
    public void What_comes_with_a_status_word_that_is_not_9000_cannot_be_read()
    {
        Assert.Equal([1, 2], new ResponseApdu(new StatusWord(0x9000), [1, 2]).Data.ToArray());
        Assert.Throws<InvalidOperationException>(() => new ResponseApdu(new StatusWord(0x6283), [1, 2]).Data.Length);
    }

    private static Opening Decrypted(byte[] data)
    {
        byte[] recipient = new SoftCard(SoftCard.Ecdh).SessionKeyPacket(SessionKey);
        Opening opening = MessageAssert.Parse([.. recipient, .. data]).Decrypt(SessionKey, out SecretBuffer? key);
        Assert.Equal(opening == Opening.Opened, key is not null);
        key?.Dispose();
        return opening;
    }
}
