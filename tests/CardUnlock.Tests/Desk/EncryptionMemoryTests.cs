// SPDX-License-Identifier: GPL-3.0-or-later
// What encrypting leaves behind in this very process. What is searched for is kept masked here, so that it is not found for that.

using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace CardUnlock.Tests.Desk;

public sealed class EncryptionMemoryTests(GpgKeys keys) : IClassFixture<GpgKeys>
{
    private const byte Mask = 0xA5;
    private const int PieceLength = 12;

    [Fact]
    public void Session_key_is_nowhere_and_the_key_in_its_one_buffer()
    {
        Recipient[] recipients = [.. ((string[])["rsa2048", "cv25519", "nistp256"]).Select(algorithm => Recipient.Read(
            File.ReadAllBytes(keys.PublicKeyFile(algorithm)), DateTimeOffset.UtcNow, out _)!)];
        using SecretBuffer key = KeyMessage.RandomKey(64);
        byte[] message = KeyMessage.Encrypt(key, recipients);
        byte[] sessionKey = MaskedHex(keys.SessionKeyHex(message));
        for (int at = 0; at + PieceLength <= sessionKey.Length; at += PieceLength)
        {
            Assert.Equal(0, Count(sessionKey[at..(at + PieceLength)]));
        }

        for (int at = 0; at + PieceLength <= key.Length; at += PieceLength)
        {
            Assert.Equal(1, Count(Masked(key.Span.Slice(at, PieceLength))));
        }

        // The search sees the managed heap.
        Assert.NotEqual(0, Count(Masked(message.AsSpan()[^PieceLength..])));
        GC.KeepAlive(message);
    }

    private static byte[] Masked(ReadOnlySpan<byte> bytes)
    {
        byte[] masked = new byte[bytes.Length];
        for (int i = 0; i < masked.Length; i++)
        {
            masked[i] = (byte)(bytes[i] ^ Mask);
        }

        return masked;
    }

    private static byte[] MaskedHex(string hex)
    {
        byte[] masked = new byte[hex.Length / 2];
        for (int i = 0; i < masked.Length; i++)
        {
            masked[i] = (byte)(byte.Parse(hex.AsSpan(2 * i, 2), NumberStyles.HexNumber) ^ Mask);
        }

        return masked;
    }

    // How many of this process' readable pages hold it; the search's own window on them is left out.
    private static unsafe int Count(byte[] masked)
    {
        const int Window = 1 << 20;
        int count = 0;
        byte* window = (byte*)System.Runtime.InteropServices.NativeMemory.AllocZeroed(Window);
        using SafeFileHandle memory = File.OpenHandle("/proc/self/mem", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        foreach (string line in File.ReadAllLines("/proc/self/maps"))
        {
            string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields[1][0] != 'r' || (fields.Length > 5 && fields[5].StartsWith("[v", StringComparison.Ordinal)))
            {
                continue;
            }

            string[] range = fields[0].Split('-');
            long end = long.Parse(range[1], NumberStyles.HexNumber);
            for (long at = long.Parse(range[0], NumberStyles.HexNumber); at < end; at += Window - PieceLength)
            {
                int length = Read(memory, at, new Span<byte>(window, (int)Math.Min(Window, end - at)));
                count += CountIn(new ReadOnlySpan<byte>(window, length), masked, at, (long)window, Window);
            }
        }

        new Span<byte>(window, Window).Clear();
        System.Runtime.InteropServices.NativeMemory.Free(window);
        return count;
    }

    private static int CountIn(ReadOnlySpan<byte> bytes, byte[] masked, long start, long window, int windowLength)
    {
        int count = 0;
        byte first = (byte)(masked[0] ^ Mask);
        for (int from = 0, next; from < bytes.Length && (next = bytes[from..].IndexOf(first)) >= 0; from += next + 1)
        {
            int at = from + next;
            long address = start + at;
            bool isWhole = at + masked.Length <= bytes.Length && (address < window || address >= window + windowLength);
            for (int i = 1; isWhole && i < masked.Length; i++)
            {
                isWhole = (bytes[at + i] ^ Mask) == masked[i];
            }

            count += isWhole ? 1 : 0;
        }

        return count;
    }

    private static int Read(SafeFileHandle memory, long address, Span<byte> to)
    {
        try
        {
            return RandomAccess.Read(memory, to, address);
        }
        catch (IOException)
        {
            // A region that went meanwhile, or a page that cannot be read.
            return 0;
        }
    }
}
