// SPDX-License-Identifier: GPL-3.0-or-later
// The keys in a token's public_keys or beside a key file, as what can be encrypted to. Nothing of it is trusted: whoever could
// write it could write the message, too.

using System.Text;

namespace CardUnlock;

internal static class KeyList
{
    private const int MaxKeys = 256;

    // "0006 12345678"
    private const int SerialLength = 13;

    /// <summary>Those keys that can be encrypted to, of the first 256; none where the packets are malformed.</summary>
    public static List<Recipient> Read(ReadOnlySpan<byte> file)
    {
        if (file.IsEmpty || file.Length > EncryptedKey.MaxFileLength
            || Armour.Open(file, "PUBLIC KEY BLOCK"u8, out byte[] packets) != MessageFault.None)
        {
            return [];
        }

        List<Recipient> found = [];
        List<byte[]> keys = [];
        int count = 0;
        string userId = "";
        var reader = new PacketReader(packets);
        Span<byte> body = new byte[packets.Length];
        while (count < MaxKeys && reader.TryRead(body, out PacketTag tag, out int length))
        {
            switch (tag)
            {
                case PacketTag.PublicKey:
                    Take(found, keys, userId);
                    userId = "";
                    keys.Add(body[..length].ToArray());
                    count++;
                    break;
                case PacketTag.PublicSubkey:
                    keys.Add(body[..length].ToArray());
                    count++;
                    break;
                case PacketTag.UserId when userId.Length == 0:
                    userId = Encoding.UTF8.GetString(body[..length]);
                    break;
                default:
                    break;
            }
        }

        Take(found, keys, userId);
        return reader.Fault == MessageFault.None ? found : [];
    }

    private static void Take(List<Recipient> found, List<byte[]> keys, string userId)
    {
        string name = PublicKeyFile.NameOf(Encoding.UTF8.GetBytes(userId));
        found.AddRange(keys.Select(static key => EncryptionKey.Parse(key)).OfType<EncryptionKey>()
            .Select(key => new Recipient(key, name, SerialOf(userId))));
        keys.Clear();
    }

    // The last comment, where it is a card's serial number as it is written here.
    private static string SerialOf(string userId)
    {
        int start = userId.LastIndexOf('(') + 1;
        string comment = start > 0 && userId.EndsWith(')') ? userId[start..^1] : "";
        bool isSerial = comment.Length == SerialLength && comment[4] == ' '
            && comment.Where(static (_, i) => i != 4).All(char.IsAsciiHexDigit);
        return isSerial ? comment : "";
    }
}
