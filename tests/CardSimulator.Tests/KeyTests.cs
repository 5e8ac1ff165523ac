// SPDX-License-Identifier: GPL-3.0-or-later
// OpenPGP card 3.4 sections 7.2.8 to 7.2.15: keys against .NET's own RSA and the vectors of RFC 7748.

using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;

namespace CardSimulator.Tests;

public sealed class KeyTests
{
    private const string DecipherHeader = "002A8086";
    private static readonly byte[] Fingerprint = [.. Enumerable.Range(1, 20).Select(i => (byte)i)];
    private static readonly DateTimeOffset Created = DateTimeOffset.FromUnixTimeSeconds(0x5F000000);

    // RFC 7748 section 6.1: Alice's private key, Bob's public key, the shared secret.
    private const string AliceSecret = "77076D0A7318A57D3C16C17251B26645DF4C2F87EBC0992AB177FBA51DB92C2A";
    private const string BobPoint = "DE9EDB7D7B7DC1B4D35B61C2ECE435373F8343C85B78674DADFC7E146F882B4F";
    private const string SharedSecret = "4A5D9D5BA4CE2DE1728E3BF480350F25E07E21C947D19E3376F09B3C1E161742";

    [Theory]
    [InlineData(2048)]
    [InlineData(3072)]
    [InlineData(4096)]
    public void Rsa_deciphers_what_dotnet_encrypts(int bits)
    {
        using RSA rsa = RSA.Create(bits);
        Host host = new();
        host.Card.ImportDecryptionKey(rsa, Fingerprint, Created);
        host.Verify("82", Host.UserPin);
        byte[] secret = [9, 1, 2, 3, 0, 4];

        byte[] cryptogram = rsa.Encrypt(secret, RSAEncryptionPadding.Pkcs1);

        Assert.Equal(secret, host.Ask(DecipherHeader, [0, .. cryptogram]));
    }

    [Fact]
    public void Rsa_refuses_a_cryptogram_of_a_wrong_length_or_padding()
    {
        using RSA rsa = RSA.Create(2048);
        Host host = new();
        host.Card.ImportDecryptionKey(rsa, Fingerprint, Created);
        host.Verify("82", Host.UserPin);

        Assert.Equal("6A80", host.Send($"{DecipherHeader}000100{new string('1', 512)}0000"));
        Assert.Equal("6A80", host.Send($"{DecipherHeader}00010100{new string('1', 512)}0000"));
    }

    [Fact]
    public void A_chain_of_short_commands_is_one_long_command()
    {
        using RSA rsa = RSA.Create(2048);
        Host host = new(new CardOptions { T0 = true });
        host.Card.ImportDecryptionKey(rsa, Fingerprint, Created);
        host.Verify("82", Host.UserPin);
        byte[] secret = [9, 1, 2, 3, 0, 4];
        string field = "00" + Convert.ToHexString(rsa.Encrypt(secret, RSAEncryptionPadding.Pkcs1));

        Assert.Equal("9000", host.Send("102A8086", field[..(2 * 254)]));
        Assert.Equal("6106", host.Send("002A8086", field[(2 * 254)..]));
        Assert.Equal("09016104", host.Send("00C0000002"));
        Assert.Equal("020300049000", host.Send("00C0000000"));
        Assert.Equal("6985", host.Send("00C0000000"));
    }

    [Fact]
    public void A_chain_broken_by_another_command_is_void()
    {
        Host host = new();

        Assert.Equal("9000", host.Send("102A8086", "00112233"));
        Assert.Equal("6883", host.Send("00CA00C400"));
        Assert.Equal("007F7F7F0300039000", host.Send("00CA00C400"));
    }

    [Fact]
    public void Decipher_is_opened_by_82_alone()
    {
        Host host = NewX25519Host();
        string command = $"{DecipherHeader}27 A6257F49228620{BobPoint}00";

        Assert.Equal("6982", host.Send(command));
        host.Verify("81", Host.UserPin);
        host.Verify("83", Host.AdminPin);
        Assert.Equal("6982", host.Send(command));
        host.Verify("82", Host.UserPin);
        Assert.Equal(SharedSecret + "9000", host.Send(command));
        Assert.Equal(SharedSecret + "9000", host.Send(command));
    }

    [Fact]
    public void X25519_refuses_the_prefixed_point_and_the_point_that_gives_zero()
    {
        Host host = NewX25519Host();
        host.Verify("82", Host.UserPin);

        Assert.Equal("6A80", host.Send($"{DecipherHeader}28 A6267F4923862140{BobPoint}00"));
        Assert.Equal("6A80", host.Send($"{DecipherHeader}27 A6257F49228620{new string('0', 64)}00"));
    }

    [Fact]
    public void Decipher_without_a_key_says_so() =>
        Assert.Equal("6A88", new Host().Send($"{DecipherHeader}27 A6257F49228620{BobPoint}00"));

    [Fact]
    public void Import_by_api_fills_fingerprint_time_attributes_and_origin()
    {
        Host host = NewX25519Host();

        Assert.Equal(new string('0', 40) + Convert.ToHexString(Fingerprint) + new string('0', 40) + "9000", host.Send("00CA00C500"));
        Assert.Equal("000000005F000000000000009000", host.Send("00CA00CD00"));
        Assert.Equal("122B0601040197550105019000", host.Send("00CA00C200"));
        Assert.Equal("0100020203009000", host.Send("00CA00DE00"));
    }

    [Theory]
    [InlineData("B800", "C2", "122B060104019755010501", 0)]
    [InlineData("B800", "C2", "122A8648CE3D030107", 65)]
    [InlineData("B800", "C2", "122B240303020801010D", 129)]
    [InlineData("B600", "C1", "010800002000", 0)]
    public void A_key_is_generated_by_the_admin_alone_and_its_public_part_read_by_all(
        string template, string attributesTag, string attributes, int pointLength)
    {
        Host host = new();
        Assert.Equal("6982", host.Send("00478000", template));
        Assert.Equal("6A88", host.Send("00478100", template));
        host.Verify("83", Host.AdminPin);
        Assert.Equal("9000", host.Send($"00DA00{attributesTag}", attributes));

        byte[] generated = host.Ask("00478000", Convert.FromHexString(template));

        Assert.Equal([0x7F, 0x49], generated[..2]);
        Assert.Equal(generated, host.Ask("00478100", Convert.FromHexString(template)));
        if (pointLength > 0)
        {
            Assert.Equal(0x04, generated[^pointLength]);
        }
    }

    [Fact]
    public void A_signature_counts_and_needs_its_own_pin_each_time()
    {
        Host host = new();
        host.Verify("83", Host.AdminPin);
        byte[] key = host.Ask("00478000", [0xB6, 0x00]);
        using RSA rsa = RSA.Create(new RSAParameters { Modulus = key[9..(9 + 256)], Exponent = key[^3..] });
        byte[] hash = SHA256.HashData("text"u8);
        byte[] digestInfo = [.. Convert.FromHexString("3031300D060960864801650304020105000420"), .. hash];
        host.Verify("81", Host.UserPin);

        byte[] signature = host.Ask("002A9E9A", digestInfo);

        Assert.True(rsa.VerifyHash(hash, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        Assert.Equal("6982", host.Send("002A9E9A", Convert.ToHexString(digestInfo)));
        Assert.Equal("7A0593030000019000", host.Send("00CA007A00"));
    }

    [Fact]
    public void Ed25519_authenticates()
    {
        Host host = new();
        host.Verify("83", Host.AdminPin);
        Assert.Equal("9000", host.Send("00DA00C3", "162B06010401DA470F01"));
        byte[] point = host.Ask("00478000", [0xA4, 0x00])[^32..];
        host.Verify("82", Host.UserPin);

        byte[] signature = host.Ask("00880000", [1, 2, 3]);

        Ed25519Signer verifier = new();
        verifier.Init(forSigning: false, new Ed25519PublicKeyParameters(point));
        verifier.BlockUpdate([1, 2, 3], 0, 3);
        Assert.True(verifier.VerifySignature(signature));
    }

    [Fact]
    public void Other_attributes_make_the_old_key_void()
    {
        Host host = NewX25519Host();
        host.Verify("83", Host.AdminPin);

        Assert.Equal("9000", host.Send("00DA00C2", "010C00002000"));

        Assert.Equal("6A88", host.Send("00478100", "B800"));
        Assert.Equal(new string('0', 120) + "9000", host.Send("00CA00C500"));
        Assert.Equal("6A80", host.Send("00DA00C2", "011400002000"));
    }

    private static Host NewX25519Host()
    {
        Host host = new();
        byte[] scalar = Convert.FromHexString(AliceSecret);
        Array.Reverse(scalar);
        host.Card.ImportX25519DecryptionKey(scalar, Fingerprint, Created);
        return host;
    }
}
