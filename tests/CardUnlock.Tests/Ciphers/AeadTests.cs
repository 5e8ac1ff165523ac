// SPDX-License-Identifier: GPL-3.0-or-later
// Our EAX, OCB and GCM against their published vectors, and against a library that nobody here wrote.

using System.Reflection;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;

namespace CardUnlock.Tests;

public sealed class AeadTests
{
    private const byte Eax = 1;
    private const byte Ocb = 2;
    private const byte Gcm = 3;
    private const string GcmNonce = "cafebabefacedbaddecaf888";
    private const string GcmAssociated = "feedfacedeadbeeffeedfacedeadbeefabaddad2";
    private const string GcmPlain =
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525"
        + "b16aedf5aa0de657ba637b39";

    public static TheoryData<byte, byte> Modes
    {
        get
        {
            var data = new TheoryData<byte, byte>();
            foreach (byte aead in (byte[])[Eax, Ocb, Gcm])
            {
                foreach (byte cipher in (byte[])[7, 8, 9, 10, 11, 12, 13])
                {
                    data.Add(aead, cipher);
                }
            }

            return data;
        }
    }

    // The paper's appendix of test vectors (https://web.cs.ucdavis.edu/~rogaway/papers/eax.pdf), the tag last.
    [Theory]
    [InlineData("233952dee4d5ed5f9b9c6d6ff80ff478", "62ec67f9c3a4a407fcb2a8c49031a8b3", "6bfb914fd07eae6b",
        "", "e037830e8389f27b025a2d6527e79d01")]
    [InlineData("91945d3f4dcbee0bf45ef52255f095a4", "becaf043b0a23d843194ba972c66debd", "fa3bfd4806eb53fa",
        "f7fb", "19dd5c4c9331049d0bdab0277408f67967e5")]
    [InlineData("01f74ad64077f2e704c0f60ada3dd523", "70c3db4f0d26368400a10ed05d2bff5e", "234a3463c1264ac6",
        "1a47cb4933", "d851d5bae03a59f238a23e39199dc9266626c40f80")]
    [InlineData("d07cf6cbb7f313bdde66b727afd3c5e8", "8408dfff3c1a2b1292dc199e46b7d617", "33cce2eabff5a79d",
        "481c9e39b1", "632a9d131ad4c168a4225d8e1ff755939974a7bede")]
    [InlineData("7c77d6e813bed5ac98baa417477a2e7d", "1a8c98dcd73d38393b2bf1569deefc19", "65d2017990d62528",
        "8b0a79306c9ce7ed99dae4f87f8dd61636",
        "02083e3979da014812f59f11d52630da30137327d10649b0aa6e1c181db617d7f2")]
    [InlineData("8395fcf1e95bebd697bd010bc766aac3", "22e7add93cfc6393c57ec0b3c17d6b44", "126735fcc320d25a",
        "ca40d7446e545ffaed3bd12a740a659ffbbb3ceab7",
        "cb8920f87a6c75cff39627b56e3ed197c552d295a7cfc46afc253b4652b1af3795b124ab6e")]
    public void Eax_opens_the_papers_vectors(string key, string nonce, string associated, string plain, string message) =>
        CheckVector(Eax, key, nonce, associated, plain, message);

    // McGrew and Viega, "The Galois/Counter Mode of Operation", appendix B, which SP 800-38D validates: cases 1 to 4 and
    // 16, the tag last.
    [Theory]
    [InlineData("00000000000000000000000000000000", "000000000000000000000000", "", "", "58e2fccefa7e3061367f1d57a4e7455a")]
    [InlineData("00000000000000000000000000000000", "000000000000000000000000", "",
        "00000000000000000000000000000000", "0388dace60b6a392f328c2b971b2fe78ab6e47d42cec13bdf53a67b21257bddf")]
    [InlineData("feffe9928665731c6d6a8f9467308308", GcmNonce, "", GcmPlain + "1aafd255",
        "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
        + "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091473f5985"
        + "4d5c2af327cd64a62cf35abd2ba6fab4")]
    [InlineData("feffe9928665731c6d6a8f9467308308", GcmNonce, GcmAssociated, GcmPlain,
        "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
        + "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091"
        + "5bc94fbc3221a5db94fae95ae7121a47")]
    [InlineData("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", GcmNonce, GcmAssociated, GcmPlain,
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
        + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
        + "76fc6ece0f4e1768cddf8853bb2d551b")]
    public void Gcm_opens_its_authors_vectors(string key, string nonce, string associated, string plain, string message) =>
        CheckVector(Gcm, key, nonce, associated, plain, message);

    // RFC 7253's own vectors have nonces of 12 bytes; these are the chunks of RFC 9580, appendix A.10. The packet begins
    // D2 69 02 07 02 06 and the salt.
    [Fact]
    public void Ocb_opens_the_chunks_of_rfc_9580()
    {
        byte[] info = [0xD2, 0x02, 0x07, 0x02, 0x06];
        byte[] sessionKey = Convert.FromHexString("28e79ab82397d3c63de24ac217d7b791");
        byte[] salt = Convert.FromHexString("20a661f731fc9a3032b5623326027e3a5d8db5748ebeff0b0c5910d09ecdd641");
        byte[] derived = HKDF.DeriveKey(HashAlgorithmName.SHA256, sessionKey, 16 + 7, salt, info);
        string key = Convert.ToHexString(derived.AsSpan(0, 16));
        string nonce = Convert.ToHexString(derived.AsSpan(16));
        const string Plain = "cb1362000000000048656c6c6f2c20776f726c6421d50eae6aa1649b56aa835b2613902bd2";
        const string Chunk = "ff9fd38562758035bc49754ce1bf3fffa7dad0a3b8104f5133cf42a4100a83eef4ca1b4801"
            + "a8846bf42bcda7c8ce9d65e212f301cb";
        CheckVector(Ocb, key, nonce + "0000000000000000", Convert.ToHexString(info), Plain, Chunk);
        CheckVector(
            Ocb,
            key,
            nonce + "0000000000000001",
            Convert.ToHexString(info) + "0000000000000025",
            "",
            "cd98fdcade694a877ad4247323f6e857");
    }

    // Whoever forges a message wants to know which tag it should have had.
    [Theory]
    [MemberData(nameof(Modes))]
    public void The_right_tag_of_a_forged_message_does_not_stay(byte aead, byte cipherId)
    {
        var random = new Random(aead);
        byte[] key = Bytes(random, BlockCipher.KeyLength(cipherId)), nonce = Bytes(random, AeadCipher.NonceLengthOf(aead)), plain = Bytes(random, 40);
        byte[] message = Seal(aead, cipherId, key, nonce, [], plain);
        using AeadCipher cipher = AeadCipher.Create(aead, cipherId, key)!;
        message[0] ^= 1;
        Assert.False(TryOpen(cipher, nonce, [], message, new byte[plain.Length]));
        var blocks = (SecretBuffer)typeof(AeadCipher).GetField("blocks", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(cipher)!;
        Assert.Equal(-1, blocks.Span[..16].IndexOfAnyExcept((byte)0));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Opens_what_the_library_sealed_and_nothing_else(byte aead, byte cipherId)
    {
        var random = new Random((aead * 100) + cipherId);
        for (int length = 0; length <= 100; length++)
        {
            byte[] key = Bytes(random, BlockCipher.KeyLength(cipherId));
            byte[] nonce = Bytes(random, AeadCipher.NonceLengthOf(aead));
            byte[] associated = Bytes(random, random.Next(50));
            byte[] plain = Bytes(random, length);
            byte[] message = Seal(aead, cipherId, key, nonce, associated, plain);
            using AeadCipher cipher = AeadCipher.Create(aead, cipherId, key)!;
            Assert.Equal(nonce.Length, cipher.NonceLength);
            byte[] result = new byte[length];
            Assert.True(TryOpen(cipher, nonce, associated, message, result));
            Assert.Equal(plain, result);

            AssertRefused(cipher, Flipped(random, nonce), associated, message, length);
            AssertRefused(cipher, nonce, associated, Flipped(random, message), length);
            if (associated.Length > 0)
            {
                AssertRefused(cipher, nonce, Flipped(random, associated), message, length);
            }

            // A cut tag, a longer one, associated data that begin the same.
            Assert.False(cipher.TryDecrypt(nonce, associated, message.AsSpan(0, length), message.AsSpan(length, 15), result));
            Assert.False(cipher.TryDecrypt(nonce, associated, message.AsSpan(0, length), [.. message.AsSpan(length), 0], result));
            AssertRefused(cipher, nonce, [.. associated, 0], message, length);
            AssertRefused(cipher, nonce, associated, [.. message.AsSpan(0, length), .. new byte[16]], length);

            // In place, and the same once more: nothing of the refused ones stayed behind.
            Span<byte> text = message.AsSpan(0, length);
            Assert.True(cipher.TryDecrypt(nonce, associated, text, message.AsSpan(length), text));
            Assert.Equal(plain, message[..length]);
        }
    }

    [Theory]
    [InlineData(Eax)]
    [InlineData(Ocb)]
    [InlineData(Gcm)]
    public void Each_bit_of_the_tag_counts(byte aead)
    {
        byte[] nonce = new byte[AeadCipher.NonceLengthOf(aead)];
        byte[] message = Seal(aead, 9, new byte[32], nonce, [1], new byte[40]);
        using AeadCipher cipher = AeadCipher.Create(aead, 9, new byte[32])!;
        for (int bit = 0; bit < 128; bit++)
        {
            byte[] damaged = [.. message];
            damaged[40 + (bit / 8)] ^= (byte)(1 << (bit % 8));
            AssertRefused(cipher, nonce, [1], damaged, 40);
        }
    }

    [Theory]
    [InlineData(Eax)]
    [InlineData(Ocb)]
    [InlineData(Gcm)]
    public void Long_messages_and_counters_that_carry_agree(byte aead)
    {
        var random = new Random(aead);
        byte[] key = Bytes(random, 16);
        byte[] plain = Bytes(random, 70_000);
        byte[] nonce = Bytes(random, AeadCipher.NonceLengthOf(aead));
        byte[] result = new byte[plain.Length];
        using AeadCipher cipher = AeadCipher.Create(aead, 7, key)!;
        Assert.True(TryOpen(cipher, nonce, plain, Seal(aead, 7, key, nonce, plain, plain), result));
        Assert.Equal(plain, result);
    }

    [Fact]
    public void Other_modes_short_blocks_and_other_key_lengths_give_no_cipher()
    {
        Assert.All((byte[])[0, 4, 255], aead => Assert.Null(AeadCipher.Create(aead, 9, new byte[32])));
        Assert.All((byte[])[0, 4, 255], aead => Assert.Equal(0, AeadCipher.NonceLengthOf(aead)));
        foreach (byte aead in (byte[])[Eax, Ocb, Gcm])
        {
            Assert.All(
                (byte[])[0, 1, 2, 3, 4, 14], id => Assert.Null(AeadCipher.Create(aead, id, new byte[BlockCipher.KeyLength(id)])));
            Assert.Null(AeadCipher.Create(aead, 9, new byte[31]));
        }
    }

    internal static byte[] Seal(byte aead, byte cipherId, byte[] key, byte[] nonce, byte[] associated, byte[] plain)
    {
        IAeadBlockCipher peer = aead switch
        {
            Eax => new EaxBlockCipher(BlockCipherTests.Peer(cipherId)),
            Ocb => new OcbBlockCipher(BlockCipherTests.Peer(cipherId), BlockCipherTests.Peer(cipherId)),
            _ => new GcmBlockCipher(BlockCipherTests.Peer(cipherId)),
        };
        peer.Init(true, new AeadParameters(new KeyParameter(key), 128, nonce, associated));
        byte[] output = new byte[peer.GetOutputSize(plain.Length)];
        int written = peer.ProcessBytes(plain, 0, plain.Length, output, 0);
        peer.DoFinal(output, written);
        return output;
    }

    private static byte[] Bytes(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] Flipped(Random random, byte[] bytes)
    {
        byte[] flipped = [.. bytes];
        flipped[random.Next(flipped.Length)] ^= (byte)(1 << random.Next(8));
        return flipped;
    }

    private static bool TryOpen(AeadCipher cipher, byte[] nonce, byte[] associated, byte[] message, byte[] plain) =>
        cipher.TryDecrypt(nonce, associated, message.AsSpan(0, plain.Length), message.AsSpan(plain.Length), plain);

    private static void AssertRefused(AeadCipher cipher, byte[] nonce, byte[] associated, byte[] message, int length)
    {
        byte[] result = [.. Enumerable.Repeat((byte)0xA5, length)];
        Assert.False(TryOpen(cipher, nonce, associated, message, result));
        Assert.False(result.AsSpan().ContainsAnyExcept((byte)0));
    }

    private static void CheckVector(byte aead, string key, string nonce, string associated, string plain, string message)
    {
        byte[] keyBytes = Convert.FromHexString(key);
        using AeadCipher cipher = AeadCipher.Create(aead, (byte)(keyBytes.Length == 32 ? 9 : 7), keyBytes)!;
        byte[] result = new byte[plain.Length / 2];
        Assert.True(TryOpen(
            cipher,
            Convert.FromHexString(nonce),
            Convert.FromHexString(associated),
            Convert.FromHexString(message),
            result));
        Assert.Equal(plain, Convert.ToHexStringLower(result));
    }
}
