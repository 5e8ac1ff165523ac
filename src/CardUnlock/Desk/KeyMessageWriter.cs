// SPDX-License-Identifier: GPL-3.0-or-later
// A key file's message (RFC 9580 section 10.3) that grows by a recipient at a time: a session key packet for each, then integrity protected
// data of version 1 (section 5.13.1), the same bytes from first to last: in CFB a random block of 16, its last 2 bytes again, a literal
// packet, D3 14, SHA-1 20.

using Org.BouncyCastle.Crypto.Digests;

namespace CardUnlock;

/// <summary>
/// Writes one message, whose session key it holds until it is disposed: a card can be tested with the bytes that others get too, before
/// those others are at hand.
/// </summary>
public sealed class KeyMessageWriter : IDisposable
{
    private const byte Aes256 = 9;
    private const int KeyLength = 32;
    private const int BlockLength = 16;
    private const int HashLength = 20;
    private const int LiteralHead = 6;
    private const int MaxHeader = 6;

    private readonly SecretBuffer sessionKey;
    private readonly byte[] data;
    private readonly List<byte> sessionKeyPackets = [];
    private readonly HashSet<string> fingerprints = [];

    /// <param name="key">The content: 1 to 8192 bytes; borrowed.</param>
    public KeyMessageWriter(SecretBuffer key)
    {
        ArgumentOutOfRangeException.ThrowIfZero(key.Length, nameof(key));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(key.Length, KeyMessage.MaxLength, nameof(key));
        sessionKey = SecretBuffer.Allocate(1 + KeyLength);
        Span<byte> bytes = sessionKey.Resize(1 + KeyLength);
        bytes[0] = Aes256;
        RandomBytes.Fill(bytes[1..]);
        data = PacketWriter.Packet(PacketTag.IntegrityProtected, [1, .. Protect(key.Span, bytes[1..])]);
    }

    /// <summary>Encrypts to one more; one that is there already is not written twice.</summary>
    /// <returns>The whole message to all so far.</returns>
    public byte[] Add(Recipient recipient)
    {
        if (fingerprints.Add(Convert.ToHexString(recipient.Fingerprint)))
        {
            sessionKeyPackets.AddRange(SessionKeyWriter.Write(recipient.Key, sessionKey.Span));
        }

        return [.. sessionKeyPackets, .. data];
    }

    /// <summary>Zeroes the session key.</summary>
    public void Dispose() => sessionKey.Dispose();

    private static byte[] Protect(ReadOnlySpan<byte> key, ReadOnlySpan<byte> sessionKey)
    {
        using SecretBuffer plain = SecretBuffer.Allocate(BlockLength + 2 + MaxHeader + LiteralHead + key.Length + 2 + HashLength);
        Span<byte> prefix = plain.Resize(BlockLength + 2);
        RandomBytes.Fill(prefix[..BlockLength]);
        prefix[(BlockLength - 2)..BlockLength].CopyTo(prefix[BlockLength..]);

        // Binary, no file name, no date.
        Span<byte> header = stackalloc byte[MaxHeader];
        plain.TryAppend(header[..PacketWriter.WriteHeader(header, PacketTag.Literal, LiteralHead + key.Length)]);
        plain.TryAppend([(byte)'b', 0, 0, 0, 0, 0]);
        plain.TryAppend(key);
        plain.TryAppend([0xD3, HashLength]);
        var sha1 = new Sha1Digest();
        sha1.BlockUpdate(plain.Span);
        sha1.DoFinal(plain.Resize(plain.Length + HashLength)[^HashLength..]);
        using BlockCipher cipher = new Aes(sessionKey);
        var ciphertext = new byte[plain.Length];
        Cfb.Encrypt(cipher, plain.Span, ciphertext);
        return ciphertext;
    }
}
