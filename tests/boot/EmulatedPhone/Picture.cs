// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a person sees on the screen. Read: QEMU's screendump, portable pixmap "P6", 3 bytes per pixel. Written: PNG
// (W3C PNG, second edition), 8 bits RGB, one IDAT chunk, filter 0 on each row.

using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace EmulatedPhone;

/// <summary>A picture of 8-bit RGB pixels, rows from the top.</summary>
public sealed class Picture
{
    private static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256).Select(CrcOfByte)];
    private readonly byte[] rgb;

    /// <param name="rgb">Bytes R, G, B per pixel, <paramref name="width"/> * <paramref name="height"/> * 3.</param>
    public Picture(int width, int height, byte[] rgb)
    {
        Width = width;
        Height = height;
        this.rgb = rgb;
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>The pixel at column x, row y as 0xRRGGBB.</summary>
    public int this[int x, int y]
    {
        get
        {
            int at = ((y * Width) + x) * 3;
            return (rgb[at] << 16) | (rgb[at + 1] << 8) | rgb[at + 2];
        }
    }

    /// <summary>Parses a binary pixmap with 255 as its highest value.</summary>
    /// <exception cref="PhoneException">It is something else, or shorter than it says.</exception>
    public static Picture ParsePixmap(byte[] file)
    {
        int at = 0;
        string[] header = [NextWord(file, ref at), NextWord(file, ref at), NextWord(file, ref at), NextWord(file, ref at)];
        if (header[0] != "P6" || header[3] != "255")
        {
            throw new PhoneException($"not a binary pixmap of 8 bits: {string.Join(' ', header)}");
        }

        int width = int.Parse(header[1]);
        int height = int.Parse(header[2]);
        return file.Length - at >= width * height * 3
            ? new Picture(width, height, file[at..(at + (width * height * 3))])
            : throw new PhoneException("the pixmap is shorter than its header says");
    }

    /// <summary>The same, turned clockwise.</summary>
    /// <param name="quarters">0 to 3.</param>
    public Picture Turned(int quarters)
    {
        Picture turned = this;
        for (int i = 0; i < quarters; i++)
        {
            turned = turned.TurnedOnce();
        }

        return turned;
    }

    /// <summary>How many pixels differ from those of another picture of the same size.</summary>
    /// <param name="other">The other picture.</param>
    /// <param name="most">Of 255 levels of a colour, how many are no difference.</param>
    public int CountDifferences(Picture other, int most = 0)
    {
        if (other.Width != Width || other.Height != Height)
        {
            return Width * Height;
        }

        bool IsNear(byte one, byte another) => Math.Abs(one - another) <= most;
        int count = 0;
        for (int at = 0; at < rgb.Length; at += 3)
        {
            count += IsNear(rgb[at], other.rgb[at]) && IsNear(rgb[at + 1], other.rgb[at + 1]) && IsNear(rgb[at + 2], other.rgb[at + 2]) ? 0 : 1;
        }

        return count;
    }

    /// <summary>How many different colours there are: 1 on a blank screen.</summary>
    public int CountColours()
    {
        var colours = new HashSet<int>();
        for (int at = 0; at < rgb.Length; at += 3)
        {
            colours.Add((rgb[at] << 16) | (rgb[at + 1] << 8) | rgb[at + 2]);
        }

        return colours.Count;
    }

    /// <summary>Writes the picture as a PNG file.</summary>
    public void SavePng(string path)
    {
        using FileStream file = File.Create(path);
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        byte[] header = [0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(header, Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), Height);
        WriteChunk(file, "IHDR", header);
        using var packed = new MemoryStream();
        using (var deflate = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (int y = 0; y < Height; y++)
            {
                deflate.WriteByte(0);
                deflate.Write(rgb, y * Width * 3, Width * 3);
            }
        }

        WriteChunk(file, "IDAT", packed.ToArray());
        WriteChunk(file, "IEND", []);
    }

    private Picture TurnedOnce()
    {
        byte[] turned = new byte[rgb.Length];
        for (int y = 0; y < Height; y++)
        {
            for (int x = 0; x < Width; x++)
            {
                rgb.AsSpan(((y * Width) + x) * 3, 3).CopyTo(turned.AsSpan(((x * Height) + Height - 1 - y) * 3, 3));
            }
        }

        return new Picture(Height, Width, turned);
    }

    private static string NextWord(byte[] file, ref int at)
    {
        int start = at;
        while (at < file.Length && !char.IsWhiteSpace((char)file[at]))
        {
            at++;
        }

        return Encoding.ASCII.GetString(file, start, at++ - start);
    }

    private static void WriteChunk(FileStream file, string type, byte[] data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        byte[] body = [.. Encoding.ASCII.GetBytes(type), .. data];
        file.Write(body);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(body));
        file.Write(number);
    }

    private static uint Crc(byte[] data)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in data)
        {
            crc = CrcTable[(byte)(crc ^ value)] ^ (crc >> 8);
        }

        return ~crc;
    }

    private static uint CrcOfByte(int value)
    {
        uint crc = (uint)value;
        for (int bit = 0; bit < 8; bit++)
        {
            crc = (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
        }

        return crc;
    }
}
