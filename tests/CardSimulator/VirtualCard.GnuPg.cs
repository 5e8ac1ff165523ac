// SPDX-License-Identifier: GPL-3.0-or-later
// A key as gpg exports it, onto the card.
using Org.BouncyCastle.Bcpg.OpenPgp;
using Org.BouncyCastle.Crypto.Parameters;

namespace CardSimulator;

public sealed partial class VirtualCard
{
    /// <summary>Gives the card the last subkey, which is the one that decrypts in keys that gpg made.</summary>
    /// <param name="file">A secret key without a passphrase, as gpg --export-secret-keys writes it.</param>
    /// <exception cref="NotSupportedException">A key of a kind that no test has.</exception>
    public void ImportDecryptionKey(string file)
    {
        using FileStream stream = File.OpenRead(file);
        PgpSecretKey key = new PgpSecretKeyRing(PgpUtilities.GetDecoderStream(stream)).GetSecretKeys().Last();
        byte[] fingerprint = key.PublicKey.GetFingerprint();
        var created = new DateTimeOffset(key.PublicKey.CreationTime, TimeSpan.Zero);
        switch (key.ExtractPrivateKey(null).Key)
        {
            case RsaPrivateCrtKeyParameters rsa:
                ImportRsaDecryptionKey(
                    rsa.Modulus.BitLength,
                    rsa.PublicExponent.ToByteArrayUnsigned(),
                    rsa.P.ToByteArrayUnsigned(),
                    rsa.Q.ToByteArrayUnsigned(),
                    fingerprint,
                    created);
                break;
            case X25519PrivateKeyParameters x25519:
                ImportX25519DecryptionKey([.. x25519.GetEncoded().Reverse()], fingerprint, created);
                break;
            case ECPrivateKeyParameters ec:
                byte[] curve = ec.PublicKeyParamSet.GetEncoded()[2..];
                ImportDecryptionKey([18, .. curve], new Dictionary<int, byte[]> { [0x92] = ec.D.ToByteArrayUnsigned() }, fingerprint, created);
                break;
            default:
                throw new NotSupportedException();
        }
    }
}
