// SPDX-License-Identifier: GPL-3.0-or-later
// The recipients' public keys beside a key file: transferable public keys (RFC 9580 section 10.1), one behind the other,
// binary or armoured, as `gpg --export` writes them. Nothing in it is secret, and nothing of it is trusted.

using System.Text;

namespace CardUnlock;

internal static class PublicKeyFile
{
    private const int MaxKeys = 256;
    private const int MaxNameLength = 64;

    /// <summary>Reads every key and subkey; those of unknown versions are left out.</summary>
    /// <param name="file">May be empty: no keys.</param>
    /// <param name="keys">Empty unless the result is None.</param>
    public static MessageFault Parse(ReadOnlySpan<byte> file, out IReadOnlyList<RecipientKey> keys)
    {
        keys = [];
        if (file.IsEmpty)
        {
            return MessageFault.None;
        }

        MessageFault fault = Armour.Open(file, "PUBLIC KEY BLOCK"u8, out byte[] packets);
        if (fault != MessageFault.None)
        {
            return fault;
        }

        List<RecipientKey> found = [];
        fault = ReadPackets(packets, found);
        keys = fault == MessageFault.None ? found : [];
        return fault;
    }

    // A user id stands behind its primary key and in front of the subkeys.
    private static MessageFault ReadPackets(ReadOnlySpan<byte> packets, List<RecipientKey> keys)
    {
        var reader = new PacketReader(packets);
        Span<byte> body = new byte[packets.Length];
        RecipientKey? primary = null;
        string name = "";
        while (reader.TryRead(body, out PacketTag tag, out int length))
        {
            switch (tag)
            {
                case PacketTag.PublicKey:
                    name = "";
                    primary = Add(keys, RecipientKey.Parse(body[..length], name));
                    break;
                case PacketTag.UserId when name.Length == 0:
                    name = NameOf(body[..length]);
                    if (primary is not null)
                    {
                        keys[^1] = primary with { Name = name };
                        primary = null;
                    }

                    break;
                case PacketTag.PublicSubkey:
                    primary = null;
                    Add(keys, RecipientKey.Parse(body[..length], name));
                    break;
                case PacketTag.UserId or PacketTag.UserAttribute or PacketTag.Signature or PacketTag.Trust:
                case PacketTag.Marker or PacketTag.Padding:
                case >= PacketTag.NonCritical:
                    break;
                default:
                    return MessageFault.NotOpenPgp;
            }

            if (keys.Count > MaxKeys)
            {
                return MessageFault.TooLarge;
            }
        }

        return reader.Fault;
    }

    private static RecipientKey? Add(List<RecipientKey> keys, RecipientKey? key)
    {
        if (key is not null)
        {
            keys.Add(key);
        }

        return key;
    }

    // "Name (comment) <mail@example.org>": the name alone; what a screen cannot show is dropped.
    internal static string NameOf(ReadOnlySpan<byte> userId)
    {
        int end = userId.IndexOfAny("(<"u8);
        string name = Encoding.UTF8.GetString(end < 0 ? userId : userId[..end]);
        name = string.Concat(name.Where(static c => !char.IsControl(c) && !char.IsSurrogate(c) && c != '\uFFFD')).Trim();
        bool isMail = end < 0 && name.Contains('@', StringComparison.Ordinal);
        return isMail ? "" : name[..Math.Min(name.Length, MaxNameLength)];
    }
}
