// SPDX-License-Identifier: GPL-3.0-or-later
// Our AES, OCB and inflating against implementations that nobody here wrote.

using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;

namespace CardUnlock.Tests;

public sealed class CipherTests
{
    [Theory]
    [InlineData("000102030405060708090a0b0c0d0e0f", "69c4e0d86a7b0430d8cdb78070b4c55a")]
    [InlineData("000102030405060708090a0b0c0d0e0f1011121314151617", "dda97ca4864cdfe06eaf70a0ec0d7191")]
    [InlineData("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", "8ea2b7ca516745bfeafc49904b496089")]
    public void Aes_gives_the_vectors_of_fips_197(string key, string expected)
    {
        byte[] block = Convert.FromHexString("00112233445566778899aabbccddeeff");
        using var aes = new CardUnlock.Aes(Convert.FromHexString(key));
        byte[] result = new byte[16];
        aes.Encrypt(block, result);
        Assert.Equal(expected, Convert.ToHexString(result).ToLowerInvariant());
        aes.Decrypt(result, result);
        Assert.Equal(block, result);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(24)]
    [InlineData(32)]
    public void Aes_agrees_with_bouncy_castle(int keyLength)
    {
        var random = new Random(keyLength);
        byte[] key = new byte[keyLength];
        byte[] block = new byte[16];
        byte[] expected = new byte[16];
        byte[] actual = new byte[16];
        for (int i = 0; i < 500; i++)
        {
            random.NextBytes(key);
            random.NextBytes(block);
            using var aes = new CardUnlock.Aes(key);
            var peer = new AesEngine();
            peer.Init(true, new KeyParameter(key));
            peer.ProcessBlock(block, 0, expected, 0);
            aes.Encrypt(block, actual);
            Assert.Equal(expected, actual);
            aes.Decrypt(actual, actual);
            Assert.Equal(block, actual);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(64)]
    [InlineData(1000)]
    public void Ocb_decrypts_what_bouncy_castle_encrypted_and_nothing_else(int length)
    {
        var random = new Random(length);
        byte[] key = new byte[32];
        byte[] plain = new byte[length];
        byte[] associated = new byte[random.Next(40)];
        random.NextBytes(key);
        random.NextBytes(plain);
        random.NextBytes(associated);
        for (int i = 0; i < 70; i++)
        {
            byte[] nonce = new byte[15];
            random.NextBytes(nonce);
            byte[] sealedBytes = OcbSeal(key, nonce, associated, plain);
            using var cipher = new OcbCipher(key);
            byte[] result = new byte[length];
            Assert.True(cipher.TryDecrypt(nonce, associated, sealedBytes.AsSpan(0, length), sealedBytes.AsSpan(length), result));
            Assert.Equal(plain, result);
            sealedBytes[random.Next(sealedBytes.Length)] ^= (byte)(1 << random.Next(8));
            Assert.False(cipher.TryDecrypt(nonce, associated, sealedBytes.AsSpan(0, length), sealedBytes.AsSpan(length), result));
            Assert.All(result, b => Assert.Equal(0, b));
        }
    }

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Fastest)]
    [InlineData(CompressionLevel.SmallestSize)]
    public void Inflate_reads_what_zlib_wrote(CompressionLevel level)
    {
        var random = new Random(1);
        for (int size = 0; size < 9000; size = (size * 3 / 2) + 1)
        {
            foreach (int alphabet in new[] { 1, 3, 40, 256 })
            {
                byte[] plain = new byte[size];
                for (int i = 0; i < size; i++)
                {
                    plain[i] = (byte)random.Next(alphabet);
                }

                byte[] deflated = Deflate(plain, level);
                using SecretBuffer result = SecretBuffer.Allocate(9000);
                Assert.True(Inflate.TryInflate(deflated, result));
                Assert.Equal(plain, result.Span.ToArray());
            }
        }
    }

    [Fact]
    public void Inflate_survives_damage_and_keeps_to_its_capacity()
    {
        byte[] deflated = Deflate(new byte[5000], CompressionLevel.Optimal);
        using SecretBuffer small = SecretBuffer.Allocate(4999);
        Assert.False(Inflate.TryInflate(deflated, small));
        Assert.Equal(0, small.Length);

        var random = new Random(2);
        byte[] text = Deflate(Convert.FromHexString(string.Concat(Enumerable.Repeat("00010203040506", 300))), CompressionLevel.Optimal);
        using SecretBuffer result = SecretBuffer.Allocate(9000);
        for (int i = 0; i < 5000; i++)
        {
            byte[] damaged = [.. text];
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            bool read = Inflate.TryInflate(damaged.AsSpan(0, random.Next(damaged.Length + 1)), result);
            Assert.True(read || result.Length == 0);
        }
    }

    [Fact]
    public void Library_hashes_keep_nothing_of_what_they_hashed()
    {
        foreach (IDigest digest in (IDigest[])[new Sha1Digest(), new Sha256Digest(), new Sha384Digest(), new Sha512Digest()])
        {
            digest.BlockUpdate(Enumerable.Repeat((byte)0xA5, 1001).ToArray());
            digest.DoFinal(new byte[digest.GetDigestSize()]);
            int arrays = 0;
            for (Type? type = digest.GetType(); type is not null; type = type.BaseType)
            {
                foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                {
                    if (field.GetValue(digest) is Array array)
                    {
                        arrays++;
                        Assert.All(array.Cast<object>(), value => Assert.Equal(0ul, Convert.ToUInt64(value)));
                    }
                }
            }

            Assert.Equal(2, arrays);
        }
    }

    internal static byte[] OcbSeal(byte[] key, byte[] nonce, byte[] associated, byte[] plain)
    {
        var peer = new OcbBlockCipher(new AesEngine(), new AesEngine());
        peer.Init(true, new AeadParameters(new KeyParameter(key), 128, nonce, associated));
        byte[] output = new byte[peer.GetOutputSize(plain.Length)];
        int written = peer.ProcessBytes(plain, 0, plain.Length, output, 0);
        peer.DoFinal(output, written);
        return output;
    }

    private static byte[] Deflate(byte[] plain, CompressionLevel level)
    {
        using var stream = new MemoryStream();
        using (var deflate = new DeflateStream(stream, level, leaveOpen: true))
        {
            deflate.Write(plain);
        }

        // The stream writes nothing at all for nothing; an empty final block is what that means.
        return stream.Length == 0 ? [0x03, 0x00] : stream.ToArray();
    }
}
