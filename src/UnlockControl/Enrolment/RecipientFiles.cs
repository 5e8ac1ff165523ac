// SPDX-License-Identifier: GPL-3.0-or-later
// --recipient FILE: public keys to encrypt to besides the cards at hand.
using CardUnlock;

namespace UnlockControl.Enrolment;

internal static class RecipientFiles
{
    /// <summary>Reads each file's one certificate.</summary>
    /// <exception cref="Refusal">One cannot be read or used: which, and why.</exception>
    public static IReadOnlyList<Recipient> Read(IReadOnlyList<string> files) => [.. files.Select(Read)];

    /// <summary>The reason in words, as the end of a sentence.</summary>
    public static string Describe(RecipientFault fault) => fault switch
    {
        RecipientFault.SecretKey => "it holds a secret key, which does not belong here (gpg --export writes the public one)",
        RecipientFault.CannotEncrypt =>
            "nothing in it can encrypt: it signs only, or it has expired or was revoked, or this system's clock is wrong",
        RecipientFault.UnsupportedAlgorithm => "its algorithm or curve is not known here",
        RecipientFault.SeveralKeys => "it holds several keys, of which one must be chosen (gpg --export KEYID > FILE)",
        RecipientFault.NoKeyOnCard => "it holds no decryption key (gpg --card-edit makes one)",
        RecipientFault.AnotherCard => "another one is in its place now",
        RecipientFault.FingerprintDiffers => "its key does not fit the fingerprint that it holds",
        _ => "it is no OpenPGP public key (gpg --export KEYID > FILE writes one)",
    };

    private static Recipient Read(string path)
    {
        try
        {
            var info = new FileInfo(path);
            if (info.Exists && info.Length > EncryptedKey.MaxFileLength)
            {
                throw new Refusal(ExitCode.Failure, $"{path} is larger than a public key can be.");
            }

            return Recipient.Read(File.ReadAllBytes(path), DateTimeOffset.UtcNow, out var fault)
                ?? throw new Refusal(ExitCode.Failure, $"{path} cannot be used: {Describe(fault)}.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new Refusal(ExitCode.Failure, $"{path} cannot be read: {e.Message}");
        }
    }
}
