// SPDX-License-Identifier: GPL-3.0-or-later
// Inflating against implementations that nobody here wrote.

using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;

namespace CardUnlock.Tests;

public sealed class CipherTests
{
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
        byte[] text = Deflate([.. Enumerable.Range(0, 2100).Select(i => (byte)(i % 7))], CompressionLevel.Optimal);
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
                const BindingFlags Own = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
                foreach (FieldInfo field in type.GetFields(Own))
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

    internal static byte[] OcbSeal(byte[] key, byte[] nonce, byte[] associated, byte[] plain) =>
        AeadTests.Seal(2, 9, key, nonce, associated, plain);

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
