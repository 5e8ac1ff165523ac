// SPDX-License-Identifier: GPL-3.0-or-later
// Our block ciphers against their published vectors, and against a library that nobody here wrote.

using System.Numerics;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;

namespace CardUnlock.Tests;

public sealed class BlockCipherTests
{
    public static TheoryData<byte> Known => [1, 2, 3, 4, 7, 8, 9, 10, 11, 12, 13];

    [Theory]

    // FIPS 197, appendix C.
    [InlineData(7, "000102030405060708090a0b0c0d0e0f", "00112233445566778899aabbccddeeff", "69c4e0d86a7b0430d8cdb78070b4c55a")]
    [InlineData(
        8,
        "000102030405060708090a0b0c0d0e0f1011121314151617",
        "00112233445566778899aabbccddeeff",
        "dda97ca4864cdfe06eaf70a0ec0d7191")]
    [InlineData(
        9,
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
        "00112233445566778899aabbccddeeff",
        "8ea2b7ca516745bfeafc49904b496089")]

    // The Twofish paper's appendix of test vectors.
    [InlineData(
        10,
        "0123456789abcdeffedcba987654321000112233445566778899aabbccddeeff",
        "00000000000000000000000000000000",
        "37527be0052334b89f0cfccae87cfa20")]
    [InlineData(
        10,
        "248a7f3528b168acfdd1386e3f51e30c2e2158bc3e5fc714c1eeeca0ea696d48",
        "431058f4dbc7f734da4f02f04cc4f459",
        "37fe26ff1cf66175f5ddf4c33b97a205")]

    // RFC 3713, appendix A.
    [InlineData(11, "0123456789abcdeffedcba9876543210", "0123456789abcdeffedcba9876543210", "67673138549669730857065648eabe43")]
    [InlineData(
        12,
        "0123456789abcdeffedcba98765432100011223344556677",
        "0123456789abcdeffedcba9876543210",
        "b4993401b3e996f84ee5cee7d79b09b9")]
    [InlineData(
        13,
        "0123456789abcdeffedcba987654321000112233445566778899aabbccddeeff",
        "0123456789abcdeffedcba9876543210",
        "9acc237dff16d76c20ef7c919e3a7509")]

    // NIST SP 800-67, appendix B.
    [InlineData(2, "0123456789abcdef23456789abcdef01456789abcdef0123", "5468652071756663", "a826fd8ce53b855f")]
    [InlineData(2, "0123456789abcdef23456789abcdef01456789abcdef0123", "6b2062726f776e20", "cce21c8112256fe6")]
    [InlineData(2, "0123456789abcdef23456789abcdef01456789abcdef0123", "666f78206a756d70", "68d5c05dd9b6b900")]

    // RFC 2144, appendix B.1.
    [InlineData(3, "0123456712345678234567893456789a", "0123456789abcdef", "238b4fe5847e44b2")]

    // The example of Lai's thesis.
    [InlineData(1, "00010002000300040005000600070008", "0000000100020003", "11fbed2b01986de5")]
    public void Gives_the_published_vectors(byte id, string key, string plain, string expected)
    {
        using BlockCipher cipher = BlockCipher.Create(id, Convert.FromHexString(key))!;
        CheckVector(cipher, plain, expected);
    }

    // Schneier's vectors.txt, made by Eric Young: keys of 8 bytes.
    [Theory]
    [InlineData("0000000000000000", "0000000000000000", "4ef997456198dd78")]
    [InlineData("ffffffffffffffff", "ffffffffffffffff", "51866fd5b85ecb8a")]
    [InlineData("3000000000000000", "1000000000000001", "7d856f9a613063f2")]
    [InlineData("1111111111111111", "1111111111111111", "2466dd878b963c9d")]
    [InlineData("0123456789abcdef", "1111111111111111", "61f9c3802281b096")]
    [InlineData("1111111111111111", "0123456789abcdef", "7d0cc630afda1ec7")]
    [InlineData("fedcba9876543210", "0123456789abcdef", "0aceab0fc6a0a28d")]
    [InlineData("7ca110454a1a6e57", "01a1d6d039776742", "59c68245eb05282b")]
    public void Blowfish_gives_its_authors_vectors(string key, string plain, string expected)
    {
        using var cipher = new Blowfish(Convert.FromHexString(key));
        CheckVector(cipher, plain, expected);
    }

    [Fact]
    public void Blowfish_begins_as_pi()
    {
        const int Guard = 64;
        int bits = BlowfishPi.Words.Length * 32;
        BigInteger one = BigInteger.One << (bits + Guard);

        // Machin's formula.
        BigInteger fraction = ((4 * ((4 * InverseTangent(one, 5)) - InverseTangent(one, 239))) - (3 * one)) >> Guard;
        for (int i = BlowfishPi.Words.Length - 1; i >= 0; i--, fraction >>= 32)
        {
            Assert.Equal((uint)(fraction & uint.MaxValue), BlowfishPi.Words[i]);
        }

        Assert.True(fraction.IsZero);
    }

    // Chain of the Twofish submission's ecb_tbl: each ciphertext is the next plaintext, and the plaintexts are the keys.
    [Fact]
    public void Twofish_gives_its_authors_49th_ciphertext()
    {
        byte[] key = new byte[32];
        byte[] plain = new byte[16];
        byte[] text = new byte[16];
        for (int i = 1; i <= 49; i++)
        {
            using BlockCipher cipher = BlockCipher.Create(10, key)!;
            cipher.Encrypt(plain, text);
            key = [.. plain, .. key.AsSpan(0, 16)];
            plain = [.. text];
        }

        Assert.Equal("37FE26FF1CF66175F5DDF4C33B97A205", Convert.ToHexString(text));
    }

    [Theory]
    [MemberData(nameof(Known))]
    public void Agrees_with_the_library_in_both_directions(byte id)
    {
        var random = new Random(id);
        byte[] key = new byte[BlockCipher.KeyLength(id)];
        int length = Peer(id).GetBlockSize();
        byte[] block = new byte[length];
        byte[] expected = new byte[length];
        byte[] actual = new byte[length];
        for (int i = 0; i < 2000; i++)
        {
            random.NextBytes(key);
            using BlockCipher cipher = BlockCipher.Create(id, key)!;
            Assert.Equal(length, cipher.BlockLength);
            foreach (bool encrypt in (bool[])[true, false, true])
            {
                random.NextBytes(block);
                IBlockCipher peer = Peer(id);
                peer.Init(encrypt, new KeyParameter(key));
                peer.ProcessBlock(block, 0, expected, 0);
                Process(cipher, encrypt, block, actual);
                Assert.Equal(expected, actual);

                // In place, and back.
                Process(cipher, !encrypt, actual, actual);
                Assert.Equal(block, actual);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Known))]
    public void Keys_and_words_of_zeroes_and_ones_agree_too(byte id)
    {
        int length = Peer(id).GetBlockSize();
        byte[] expected = new byte[length];
        byte[] actual = new byte[length];
        foreach (byte keyByte in (byte[])[0x00, 0xFF, 0x80, 0x01])
        {
            byte[] key = [.. Enumerable.Repeat(keyByte, BlockCipher.KeyLength(id))];
            using BlockCipher cipher = BlockCipher.Create(id, key)!;
            foreach (byte blockByte in (byte[])[0x00, 0xFF, 0x80, 0x01])
            {
                byte[] block = [.. Enumerable.Repeat(blockByte, length)];
                foreach (bool encrypt in (bool[])[true, false])
                {
                    IBlockCipher peer = Peer(id);
                    peer.Init(encrypt, new KeyParameter(key));
                    peer.ProcessBlock(block, 0, expected, 0);
                    Process(cipher, encrypt, block, actual);
                    Assert.Equal(expected, actual);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Known))]
    public void Cfb_decrypts_what_the_library_encrypted(byte id)
    {
        var random = new Random(id);
        byte[] key = new byte[BlockCipher.KeyLength(id)];
        random.NextBytes(key);
        using BlockCipher cipher = BlockCipher.Create(id, key)!;
        int block = cipher.BlockLength;
        for (int length = 0; length <= 100; length++)
        {
            byte[] plain = new byte[length];
            random.NextBytes(plain);
            var peer = new BufferedBlockCipher(new CfbBlockCipher(Peer(id), 8 * block));
            peer.Init(true, new ParametersWithIV(new KeyParameter(key), new byte[block]));
            byte[] ciphertext = new byte[length];
            int written = peer.ProcessBytes(plain, 0, length, ciphertext, 0);
            peer.DoFinal(ciphertext, written);
            byte[] actual = new byte[length];
            Cfb.Decrypt(cipher, ciphertext, actual);
            Assert.Equal(plain, actual);
        }
    }

    [Fact]
    public void Other_ids_and_other_key_lengths_give_no_cipher()
    {
        for (int id = 0; id <= byte.MaxValue; id++)
        {
            int right = BlockCipher.KeyLength((byte)id);
            Assert.Equal(Known.Any(row => row.Data == id), right != 0);
            for (int length = 0; length <= 65; length++)
            {
                using BlockCipher? cipher = BlockCipher.Create((byte)id, new byte[length]);
                Assert.Equal(length == right && right != 0, cipher is not null);
            }
        }
    }

    internal static IBlockCipher Peer(byte id) => id switch
    {
        1 => new IdeaEngine(),
        2 => new DesEdeEngine(),
        3 => new Cast5Engine(),
        4 => new BlowfishEngine(),
        10 => new TwofishEngine(),
        11 or 12 or 13 => new CamelliaEngine(),
        _ => new AesEngine(),
    };

    private static void Process(BlockCipher cipher, bool encrypt, byte[] from, byte[] to)
    {
        if (encrypt)
        {
            cipher.Encrypt(from, to);
        }
        else
        {
            cipher.Decrypt(from, to);
        }
    }

    private static void CheckVector(BlockCipher cipher, string plain, string expected)
    {
        byte[] result = new byte[cipher.BlockLength];
        cipher.Encrypt(Convert.FromHexString(plain), result);
        Assert.Equal(expected, Convert.ToHexStringLower(result));
        cipher.Decrypt(result, result);
        Assert.Equal(plain, Convert.ToHexStringLower(result));
    }

    private static BigInteger InverseTangent(BigInteger one, int inverse)
    {
        BigInteger power = one / inverse;
        BigInteger sum = power;
        for (int k = 3, sign = -1; !power.IsZero; k += 2, sign = -sign)
        {
            power /= inverse * inverse;
            sum += sign * (power / k);
        }

        return sum;
    }
}
