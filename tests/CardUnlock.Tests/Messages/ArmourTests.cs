// SPDX-License-Identifier: GPL-3.0-or-later
// ASCII armour as programs and people leave it.

using System.Text;

namespace CardUnlock.Tests;

public sealed class ArmourTests
{
    private static readonly Transcript Recording = Transcript.Load("pico-cv25519");

    [Theory]
    [InlineData("\n", "")]
    [InlineData("\r\n", "")]
    [InlineData("\n", "Version: GnuPG v2\nComment: with: colons\n")]
    [InlineData("\n", "\uFEFF")]
    [InlineData("\n  \n", "")]
    public void Armour_is_taken_off(string lineEnd, string headers)
    {
        bool hasMark = headers == "\uFEFF";
        string text = Armour(Recording.Message, hasMark ? "" : headers).Replace("\n", lineEnd);
        AssertOpens((hasMark ? headers : "") + text);
        AssertOpens($"Dear phone,{lineEnd}- here is the key.{lineEnd}{text}{lineEnd}Yours{lineEnd}");
        AssertOpens(text.TrimEnd());
    }

    [Theory]
    [InlineData(4)]
    [InlineData(1)]
    [InlineData(76)]
    [InlineData(100_000)]
    public void Lines_may_be_of_any_length(int length) => AssertOpens(Armour(Recording.Message, "", length));

    [Fact]
    public void Checksum_may_be_missing_or_wrong()
    {
        string text = Armour(Recording.Message, "");
        string checksum = text.Split('\n').Single(line => line.StartsWith('=') && line.Length == 5);
        AssertOpens(text.Replace(checksum + "\n", ""));
        AssertOpens(text.Replace(checksum, "=AAAA"));
        AssertOpens(text.Replace(checksum, "=A-A"));
        AssertOpens(text.Replace(checksum, checksum + "\n" + checksum));
        Assert.NotEqual(MessageFault.None, Fault(text.Replace(checksum, checksum + "\nAAAA")));
    }

    [Fact]
    public void Every_shorter_armour_is_named()
    {
        string text = Armour(Recording.Message, "Comment: short\n").TrimEnd();
        int first = text.IndexOf('\n');
        for (int length = 1; length < text.Length; length++)
        {
            MessageFault fault = Fault(text[..length]);
            MessageFault[] expected = [MessageFault.Truncated, MessageFault.DamagedArmour];
            Assert.Contains(fault, length < first ? [MessageFault.NotOpenPgp] : expected);
        }
    }

    [Fact]
    public void What_is_no_base64_is_damage_wherever_it_stands()
    {
        string text = Armour(Recording.Message, "");
        int from = text.IndexOf("\n\n", StringComparison.Ordinal) + 2;
        int to = text.IndexOf("\n=", StringComparison.Ordinal);
        for (int at = from; at < to; at++)
        {
            foreach (char letter in "?-_")
            {
                Assert.NotEqual(MessageFault.None, Fault(text[..at] + letter + text[(at + 1)..]));
            }
        }
    }

    [Fact]
    public void Other_armours_and_texts_are_no_message()
    {
        string text = Armour(Recording.Message, "");
        Assert.Equal(MessageFault.NotOpenPgp, Fault("correct horse battery staple"));
        Assert.Equal(MessageFault.NotOpenPgp, Fault(text.Replace("PGP MESSAGE", "PGP SIGNATURE")));
        Assert.Equal(MessageFault.NotOpenPgp, Fault(text.Replace("-----BEGIN PGP MESSAGE-----", "-----BEGIN PGP MESSAGE----")));
        Assert.Equal(MessageFault.NotOpenPgp, Fault(text + text));
        Assert.Equal(MessageFault.DamagedArmour, Fault(text.Replace("END PGP MESSAGE", "END PGP SIGNATURE")));
        Assert.Equal(MessageFault.DamagedArmour, Fault("-----BEGIN PGP MESSAGE-----\n\n-----END PGP MESSAGE-----\n"));
        Assert.Equal(MessageFault.Truncated, Fault("-----BEGIN PGP MESSAGE-----\n\nhF4D"));
        Assert.Equal(MessageFault.Truncated, Fault(Armour(Recording.Message[..^9], "")));
    }

    internal static string Armour(byte[] packets, string headers, int lineLength = 64, string kind = "MESSAGE")
    {
        string data = Convert.ToBase64String(packets);
        string lines = string.Join('\n', data.Chunk(lineLength).Select(line => new string(line)));
        string checksum = Convert.ToBase64String(Checksum(packets));
        return $"-----BEGIN PGP {kind}-----\n{headers}\n{lines}\n={checksum}\n-----END PGP {kind}-----\n";
    }

    private static byte[] Checksum(byte[] data)
    {
        int crc = 0xB704CE;
        foreach (byte b in data)
        {
            crc ^= b << 16;
            for (int i = 0; i < 8; i++)
            {
                crc = (crc << 1) ^ ((crc & 0x800000) != 0 ? 0x1864CFB : 0);
            }
        }

        return [(byte)(crc >> 16), (byte)(crc >> 8), (byte)crc];
    }

    private static MessageFault Fault(string text)
    {
        MessageFault fault = EncryptedKey.Parse(Encoding.UTF8.GetBytes(text), out EncryptedKey? message);
        Assert.Equal(fault == MessageFault.None, message is not null);
        return fault;
    }

    private static void AssertOpens(string text)
    {
        EncryptedKey message = MessageAssert.Parse(Encoding.UTF8.GetBytes(text));
        Assert.Equal(Opening.Opened, message.Decrypt(Recording.SessionKey, out SecretBuffer? key));
        using SecretBuffer secret = key!;
        Assert.Equal(Recording.Plain, secret.Span.ToArray());
    }
}
