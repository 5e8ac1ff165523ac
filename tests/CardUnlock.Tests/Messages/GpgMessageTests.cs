// SPDX-License-Identifier: GPL-3.0-or-later
// What GnuPG 2.2 and 2.4 write, in every way that they can, opened with a simulated card; gpg's own decryption is the judge.

namespace CardUnlock.Tests;

public sealed class GpgMessageTests(GpgKeys keys, Gnupg24 newer) : IClassFixture<GpgKeys>, IClassFixture<Gnupg24>
{
    private static readonly byte[] Plain = [.. Enumerable.Range(0, 64).Select(i => (byte)(i * 13))];

    // Beyond a partial length's least size.
    private static readonly byte[] Long = [.. Enumerable.Range(0, 8192).Select(i => (byte)(i * i / 77))];

    public static TheoryData<string, string, string> Algorithms => new()
    {
        { "IDEA", "zip", "rsa2048" },
        { "3DES", "bzip2", "cv25519" },
        { "CAST5", "none", "rsa2048" },
        { "BLOWFISH", "zlib", "nistp256" },
        { "AES", "none", "cv25519" },
        { "AES192", "bzip2", "rsa2048" },
        { "AES256", "zip", "nistp256" },
        { "TWOFISH", "zlib", "cv25519" },
        { "CAMELLIA128", "bzip2", "nistp256" },
        { "CAMELLIA192", "zip", "cv25519" },
        { "CAMELLIA256", "none", "rsa2048" },
    };

    public static TheoryData<string> AeadCiphers =>
        ["AES", "AES192", "AES256", "TWOFISH", "CAMELLIA128", "CAMELLIA192", "CAMELLIA256"];

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Gnupg_2_2_with_every_cipher_and_compression(string cipher, string compression, string key)
    {
        foreach (byte[] plain in (byte[][])[Plain, Long])
        {
            byte[] message = keys.Message(plain, [key], "--cipher-algo", cipher, "--compress-algo", compression);
            AssertOpens(message, key, plain);
        }
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Gnupg_2_4_with_every_cipher_and_compression(string cipher, string compression, string key)
    {
        string[] options = ["--allow-old-cipher-algos", "--cipher-algo", cipher, "--compress-algo", compression];
        AssertOpens(newer.Encrypt(Plain, keys.PublicKeyFile(key), hidden: false, options), key, Plain);
        AssertOpens(newer.Encrypt(Long, keys.PublicKeyFile(key), hidden: true, options), key, Long);
    }

    [Theory]
    [MemberData(nameof(AeadCiphers))]
    public void Gnupg_2_4_with_ocb(string cipher)
    {
        string file = keys.PublicKeyFile("cv25519");
        AssertOpens(newer.Encrypt(Plain, file, false, "--force-ocb", "--cipher-algo", cipher), "cv25519", Plain);
        AssertOpens(
            newer.Encrypt(
                Long, file, true, "--force-ocb", "--cipher-algo", cipher, "--chunk-size", "6", "--compress-algo", "none"),
            "cv25519",
            Long);
    }

    [Theory]
    [InlineData("--armor")]
    [InlineData("--armor", "--comment", "the phone's: key")]
    [InlineData("--for-your-eyes-only")]
    [InlineData("--throw-keyids")]
    [InlineData("--set-filename", "a name of some length that nobody wants to know")]
    [InlineData("-z", "9")]
    [InlineData("--rfc4880")]
    public void Gnupg_2_2_in_every_form(params string[] options)
    {
        AssertOpens(keys.Message(Plain, ["cv25519"], options), "cv25519", Plain);
        AssertOpens(keys.Message(Long, ["rsa2048", "cv25519"], options), "cv25519", Long);
        AssertOpens(newer.Encrypt(Long, keys.PublicKeyFile("cv25519"), false, options), "cv25519", Long);
    }

    [Fact]
    public void Text_has_the_line_ends_that_gpg_gives_it()
    {
        byte[] text = "first line\nsecond\n\nlast \r\n"u8.ToArray();
        byte[] message = keys.Message(text, ["cv25519"], "--textmode");
        byte[] expected = keys.Decrypt(message).Plain;
        Assert.Equal("first line\nsecond\n\nlast \n"u8.ToArray(), expected);
        AssertOpens(message, "cv25519", expected);
        AssertOpens(newer.Encrypt(text, keys.PublicKeyFile("cv25519"), false, "--textmode"), "cv25519", expected);
    }

    [Fact]
    public void Signed_message_opens()
    {
        foreach (string compression in (string[])["none", "bzip2"])
        {
            string[] options = ["--sign", "--local-user", keys.Signer(), "--compress-algo", compression];
            byte[] message = keys.Message(Plain, ["cv25519"], options);
            AssertOpens(message, "cv25519", Plain);
        }
    }

    private void AssertOpens(byte[] file, string key, byte[] plain)
    {
        (byte[] sessionKey, byte[] decrypted) = keys.Decrypt(file);
        Assert.Equal(plain, decrypted);
        foreach (byte[] publicKey in (byte[][])[[], File.ReadAllBytes(keys.PublicKeyFile(key))])
        {
            EncryptedKey message = MessageAssert.Parse(file, publicKey);
            Assert.Equal(Opening.Opened, message.Decrypt(sessionKey, out SecretBuffer? offline));
            using (offline)
            {
                Assert.Equal(plain, offline!.Span.ToArray());
            }

            using CardSession session = CardSession.Open(new CardTransport(keys.Card(key)), false, [message], askVerified: true)!;
            using SecretBuffer secret = Assert.IsType<UnlockResult.Key>(session.Unlock(Pins.Make("123456"))).Secret;
            Assert.Equal(plain, secret.Span.ToArray());
        }
    }
}
