// SPDX-License-Identifier: GPL-3.0-or-later
// The samples of RFC 9580 appendix A and of RFC 3394 section 4. RFC 6637 prints none.

using System.Text;
using Org.BouncyCastle.Crypto.Digests;

namespace CardUnlock.Tests;

public sealed class PublishedVectorTests
{
    private static readonly byte[] Hello = "Hello, world!"u8.ToArray();

    // A.3's encryption subkey: version 6, X25519.
    private const string Subkey = "0663877fe319000000208693248367f9e5015db922f8f48095dda784987f2d5985b12fbad16caf5e4435";
    private const string SubkeySecret = "4d600a4f794d44775c57a26e0feefed558e9afffd6ad0d582d57fb2ba2dcedb8";

    private const string X25519Message =
        """
        -----BEGIN PGP MESSAGE-----

        wV0GIQYSyD8ecG9jCP4VGkF3Q6HwM3kOk+mXhIjR2zeNqZMIhRmHzxjV8bU/gXzO
        WgBM85PMiVi93AZfJfhK9QmxfdNnZBjeo1VDeVZheQHgaVf7yopqR6W1FT6NOrfS
        aQIHAgZhZBZTW+CwcW1g4FKlbExAf56zaw76/prQoN+bAzxpohup69LA7JW/Vp0l
        yZnuSj3hcFj0DfqLTGgr4/u717J+sPWbtQBfgMfG9AOIwwrUBqsFE9zW+f1zdlYo
        bhF30A+IitsxxA==
        -----END PGP MESSAGE-----
        """;

    private const string EaxMessage =
        """
        w0AGHgcBCwMIpa5XnR/F2Cv/aSJPkZmTs1Bvo7WaanPP+MXvxfQcV/tU4cImgV14
        KPX5LEVOtl6+AKtZhsaObnxV0mkCBwEGn/kOOzIZZPOkKRPI3MZhkyUBUifvt+rq
        pJ8EwuZ0F11KPSJu1q/LnKmsEiwUcOEcY9TAqyQcapOK1Iv5mlqZuQu6gyXeYQR1
        QCWKt5Wala0FHdqW6xVDHf719eIlXKeCYVRuM5o=
        """;

    private const string OcbMessage =
        """
        wz8GHQcCCwMIVqKY0vXjZFP/z8xcEWZO2520JZDX3EawckG2EsOBLP/76gDyNHsl
        ZBEj+IeuYNT9YU4IN9gZ02zSaQIHAgYgpmH3MfyaMDK1YjMmAn46XY21dI6+/wsM
        WRDQns3WQf+f04VidYA1vEl1TOG/P/+n2tCjuBBPUTPPQqQQCoPu9MobSAGohGv0
        K82nyM6dZeIS8wHLzZj9yt5pSod61CRzI/boVw==
        """;

    private const string GcmMessage =
        """
        wzwGGgcDCwMI6dOXhbIHAAj/tC58SD70iERXyzcmubPbn/d25fTZpAlS4kRymIUa
        v/91Jt8t1VRBdXmneZ/SaQIHAwb8uUSQvLmLvcnRBsYJAmaUD3LontwhtVlrFXax
        Ae0Pn/xvxtZbv9JNzQeQlm5tHoWjAFN4TLHYtqBpnvEhVaeyrWJYUxtXZR/Xd3kS
        +pXjXZtAIW9ppMJI2yj/QzHxYykHOZ5v+Q==
        """;

    [Fact]
    public void Rfc_9580_a8_x25519_aead_ocb()
    {
        byte[] body = Hex(Subkey);
        var card = new SoftCard(SoftCard.X25519, version: 6, secret: Hex(SubkeySecret));
        Assert.Equal(body, card.PublicPacketBody);
        Assert.Equal("12C83F1E706F6308FE151A417743A1F033790E93E9978488D1DB378DA9930885", Convert.ToHexString(card.Fingerprint));
        EncryptedKey message = MessageAssert.Parse(Encoding.ASCII.GetBytes(X25519Message), PacketMaker.Packet(14, body));
        MessageAssert.Opens(message, card, card.Data, Hex("00dd708f6fa1ed65114d68d2343e7c2f1d"), Hello);
    }

    [Theory]
    [InlineData(EaxMessage, "073881bafe985412459b86c36f98cb9a5e")]
    [InlineData(OcbMessage, "0728e79ab82397d3c63de24ac217d7b791")]
    [InlineData(GcmMessage, "071936fc8568980274bb900d8319360c77")]
    public void Rfc_9580_a9_to_a11_aead(string message, string sessionKey)
    {
        // The samples are encrypted with a password; the session key that they print opens their data packet.
        byte[] file = Convert.FromBase64String(message.ReplaceLineEndings(""));
        Assert.Equal(MessageFault.NotOpenPgp, EncryptedKey.Parse(file, out _));
        byte[] recipient = new SoftCard(SoftCard.X25519).SessionKeyPacket(Hex(sessionKey), 6);
        EncryptedKey whole = MessageAssert.Parse([.. recipient, .. file]);
        Assert.Equal(Opening.Opened, whole.Decrypt(Hex(sessionKey), out SecretBuffer? key));
        using SecretBuffer secret = key!;
        Assert.Equal(Hello, secret.Span.ToArray());
    }

    [Theory]
    [InlineData(
        "000102030405060708090A0B0C0D0E0F",
        "00112233445566778899AABBCCDDEEFF",
        "1FA68B0A8112B447AEF34BD8FB5A7B829D3E862371D2CFE5")]
    [InlineData(
        "000102030405060708090A0B0C0D0E0F1011121314151617",
        "00112233445566778899AABBCCDDEEFF",
        "96778B25AE6CA435F92B5B97C050AED2468AB8A17AD84E5D")]
    [InlineData(
        "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F",
        "00112233445566778899AABBCCDDEEFF",
        "64E8C3F9CE0F5BA263E9777905818A2A93C8191E7D6E8AE7")]
    [InlineData(
        "000102030405060708090A0B0C0D0E0F1011121314151617",
        "00112233445566778899AABBCCDDEEFF0001020304050607",
        "031D33264E15D33268F24EC260743EDCE1C6C7DDEE725A936BA814915C6762D2")]
    [InlineData(
        "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F",
        "00112233445566778899AABBCCDDEEFF0001020304050607",
        "A8F9BC1612C68B3FF6E6F4FBE30E71E4769C8B80A32CB8958CD5D17D6B254DA1")]
    [InlineData(
        "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F",
        "00112233445566778899AABBCCDDEEFF000102030405060708090A0B0C0D0E0F",
        "28C9F404C4B810F4CBCCB35CFB87F8263F5786E2D80ED326CBC7F0E71A99F43BFB988B9B7A02DD21")]
    public void Rfc_3394_section_4(string key, string data, string wrapped)
    {
        byte[] bytes = Hex(wrapped);
        using SecretBuffer result = SecretBuffer.Allocate(bytes.Length);
        Assert.True(KeyWrap.TryUnwrap(Hex(key), bytes, result));
        Assert.Equal(data, Convert.ToHexString(result.Span));
        for (int bit = 0; bit < bytes.Length * 8; bit++)
        {
            byte[] changed = [.. bytes];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(KeyWrap.TryUnwrap(Hex(key), changed, result));
            Assert.Equal(0, result.Length);
        }
    }

    [Fact]
    public void Rfc_5869_appendix_a1_and_a3()
    {
        using SecretBuffer output = SecretBuffer.Allocate(42);
        byte[] secret = [.. Enumerable.Repeat((byte)0x0B, 22)];
        Hkdf.Derive(new Sha256Digest(), secret, Hex("000102030405060708090a0b0c"), Hex("f0f1f2f3f4f5f6f7f8f9"), output);
        Assert.Equal(
            "3CB25F25FAACD57A90434F64D0362F2A2D2D0A90CF1A5A4C5DB02D56ECC4C5BF34007208D5B887185865",
            Convert.ToHexString(output.Span));
        Hkdf.Derive(new Sha256Digest(), secret, default, default, output);
        Assert.Equal(
            "8DA4E775A563C18F715F802A063C5A31B8A11F5C5EE1879EC3454E5F3C738D2D9D201395FAA4B61A96C8",
            Convert.ToHexString(output.Span));
    }

    private static byte[] Hex(string text) => Convert.FromHexString(text);
}
