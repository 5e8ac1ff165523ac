// SPDX-License-Identifier: GPL-3.0-or-later
//
// The guest's whole physical memory at one moment, searched for secrets: QMP's dump-guest-memory writes an ELF core file (elf(5)) whose
// program headers of type PT_LOAD say which part of the file is which memory. Sizes and addresses in bytes.

using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using System.Text.Json.Nodes;

namespace EmulatedPhone;

/// <summary>A copy of a secret, or of a piece of it.</summary>
/// <param name="Secret">Its name.</param>
/// <param name="IsWide">As UTF-16: a zero byte behind each byte.</param>
/// <param name="Address">The physical address at which its first byte is, or would be where that piece is missing.</param>
/// <param name="IsWhole">False: only a piece of it.</param>
/// <param name="Found">The physical address of the piece that was found first.</param>
public sealed record SecretCopy(string Secret, bool IsWide, long Address, bool IsWhole, long Found);

/// <summary>What is searched for. A part of a secret is a secret: pieces of it are found too.</summary>
/// <param name="Name">For the table.</param>
/// <param name="Bytes">At least 8.</param>
public sealed record Secret(string Name, byte[] Bytes)
{
    private const int LongPiece = 16, ShortPiece = 8;

    /// <summary>A text, which must be of ASCII characters.</summary>
    public static Secret OfText(string name, string text) => new(name, System.Text.Encoding.ASCII.GetBytes(text));

    /// <summary>The pieces of both forms; those of one form cover it.</summary>
    internal IEnumerable<SecretPiece> Pieces() =>
        [.. PiecesOf(Bytes, isWide: false), .. PiecesOf(Widen(Bytes), isWide: true)];

    /// <summary>The bytes in one form.</summary>
    internal byte[] Form(bool isWide) => isWide ? Widen(Bytes) : Bytes;

    private static byte[] Widen(byte[] bytes)
    {
        byte[] wide = new byte[2 * bytes.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            wide[2 * i] = bytes[i];
        }

        return wide;
    }

    private IEnumerable<SecretPiece> PiecesOf(byte[] form, bool isWide)
    {
        int length = (Bytes.Length < 2 * LongPiece ? ShortPiece : LongPiece) * (isWide ? 2 : 1);
        for (int at = 0; at + length < form.Length; at += length)
        {
            yield return new(this, isWide, at, form[at..(at + length)]);
        }

        yield return new(this, isWide, form.Length - length, form[^length..]);
    }
}

/// <summary>What is really searched for.</summary>
/// <param name="Secret">Whose piece it is.</param>
/// <param name="IsWide">Of its UTF-16 form.</param>
/// <param name="Offset">Its place in that form.</param>
/// <param name="Bytes">At most 32.</param>
internal sealed record SecretPiece(Secret Secret, bool IsWide, int Offset, byte[] Bytes);

/// <summary>
/// What is not there in one piece: steps of a few bytes each that follow one another, with anything between them, as the events of a
/// touchscreen do that a PIN was typed on.
/// </summary>
/// <param name="Name">For the table.</param>
/// <param name="Steps">Each rare enough by itself that few places have it.</param>
public sealed record Trail(string Name, IReadOnlyList<byte[]> Steps)
{
    /// <summary>So many steps in a row are a piece of it.</summary>
    public const int FewestSteps = 5;

    /// <summary>How far apart two steps may be, in bytes.</summary>
    public const int Reach = 512;
}

/// <summary>A dump; its file is gone once this is disposed, or this program ends.</summary>
public sealed class MemoryDump : IDisposable
{
    private const int WindowLength = 64 << 20, LongestPiece = 32;
    private readonly FileStream file;
    private readonly MemoryMappedFile mapping;
    private readonly List<(long Offset, long Address, long Length)> parts = [];

    internal MemoryDump(string path)
    {
        file = File.OpenRead(path);
        File.Delete(path);
        mapping = MemoryMappedFile.CreateFromFile(
            file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        ReadHeaders();
    }

    /// <summary>How much memory is in it.</summary>
    public long Length => parts.Sum(part => part.Length);

    /// <summary>Every copy of every secret, in the clear and as UTF-16LE.</summary>
    public IReadOnlyList<SecretCopy> Find(params IReadOnlyList<Secret> secrets)
    {
        var copies = new Dictionary<(string, bool, long), SecretCopy>();
        SecretPiece[] pieces = [.. secrets.SelectMany(secret => secret.Pieces())];
        foreach ((long offset, long address, long length) in parts)
        {
            for (long at = 0; at < length; at += WindowLength)
            {
                Search(offset + at, address + at, Math.Min(WindowLength + LongestPiece, length - at), pieces, copies);
            }
        }

        return [.. copies.Values.OrderBy(copy => copy.Address)];
    }

    /// <summary>Every place where steps of a trail follow one another.</summary>
    public IReadOnlyList<SecretCopy> Find(Trail trail)
    {
        // Pieces of 8 bytes are found as secrets of their own, whatever their name.
        Secret[] steps = [.. trail.Steps.Distinct(StepComparer.Instance).Select(step => new Secret(Convert.ToHexString(step), step))];
        SecretCopy[] places = [.. Find(steps).Where(place => place is { IsWhole: true, IsWide: false })];
        List<SecretCopy> found = [];
        foreach (SecretCopy start in places)
        {
            int length = LongestFrom(trail, places, start);
            bool isInside = found.Count > 0 && start.Address - found[^1].Address < Trail.Reach * trail.Steps.Count;
            if (length >= Trail.FewestSteps && !isInside)
            {
                found.Add(new(trail.Name, false, start.Address, length == trail.Steps.Count, start.Address));
            }
        }

        return found;
    }

    /// <summary>The bytes at a physical address, fewer where the memory ends.</summary>
    public byte[] Read(long address, int length)
    {
        foreach ((long offset, long start, long size) in parts)
        {
            if (address >= start && address < start + size)
            {
                byte[] bytes = new byte[Math.Min(length, start + size - address)];
                _ = RandomAccess.Read(file.SafeFileHandle, bytes, offset + address - start);
                return bytes;
            }
        }

        return [];
    }

    public void Dispose()
    {
        mapping.Dispose();
        file.Dispose();
    }

    private static int LongestFrom(Trail trail, SecretCopy[] places, SecretCopy start)
    {
        int longest = 0;
        for (int first = 0; first < trail.Steps.Count; first++)
        {
            long at = start.Address - 1;
            int length = 0;
            while (first + length < trail.Steps.Count)
            {
                string step = Convert.ToHexString(trail.Steps[first + length]);
                SecretCopy? next = Array.Find(
                    places, place => place.Secret == step && place.Address > at && place.Address <= at + (length == 0 ? 1 : Trail.Reach));
                if (next is null)
                {
                    break;
                }

                at = next.Address;
                length++;
            }

            longest = Math.Max(longest, length);
        }

        return longest;
    }

    private sealed class StepComparer : IEqualityComparer<byte[]>
    {
        public static StepComparer Instance { get; } = new();

        public bool Equals(byte[]? a, byte[]? b) => a.AsSpan().SequenceEqual(b);

        public int GetHashCode(byte[] step) => BinaryPrimitives.ReadInt64LittleEndian(step).GetHashCode();
    }

    private unsafe void Search(
        long offset,
        long address,
        long length,
        SecretPiece[] pieces,
        Dictionary<(string, bool, long), SecretCopy> copies)
    {
        using MemoryMappedViewAccessor view = mapping.CreateViewAccessor(offset, length, MemoryMappedFileAccess.Read);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        try
        {
            var window = new ReadOnlySpan<byte>(start + view.PointerOffset, (int)length);
            foreach (SecretPiece piece in pieces)
            {
                for (int at = window.IndexOf(piece.Bytes); at >= 0; at = Next(window, piece.Bytes, at))
                {
                    long first = address + at - piece.Offset;
                    string name = piece.Secret.Name;
                    bool isWhole = Read(first, piece.Secret.Form(piece.IsWide).Length).AsSpan().SequenceEqual(piece.Secret.Form(piece.IsWide));
                    _ = copies.TryAdd((name, piece.IsWide, first), new(name, piece.IsWide, first, isWhole, address + at));
                }
            }
        }
        finally
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
    }

    private static int Next(ReadOnlySpan<byte> window, byte[] piece, int at)
    {
        int next = window[(at + 1)..].IndexOf(piece);
        return next < 0 ? -1 : at + 1 + next;
    }

    /// <summary>The 64-bit header: e_phoff at 32, e_phentsize and e_phnum at 54; an entry: p_type 0, p_offset 8, p_paddr 24, p_filesz 32.</summary>
    private void ReadHeaders()
    {
        const int HeaderLength = 64, Load = 1;
        byte[] header = new byte[HeaderLength];
        file.ReadExactly(header);
        if (!header.AsSpan().StartsWith("\u007FELF\u0002\u0001"u8))
        {
            throw new PhoneException("what QEMU dumped is no 64-bit little-endian ELF file");
        }

        file.Position = BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(32));
        byte[] entry = new byte[BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(54))];
        for (int left = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(56)); left > 0; left--)
        {
            file.ReadExactly(entry);
            if (BinaryPrimitives.ReadInt32LittleEndian(entry) == Load)
            {
                long At(int place) => BinaryPrimitives.ReadInt64LittleEndian(entry.AsSpan(place));
                parts.Add((At(8), At(24), At(32)));
            }
        }
    }
}

public sealed partial class Phone
{
    /// <summary>All of the guest's memory as it is now; the guest stands still while it is written.</summary>
    /// <exception cref="PhoneException">QEMU cannot write it.</exception>
    public MemoryDump DumpMemory()
    {
        string path = Path.Combine(Directory.CreateDirectory(Repository.Out).FullName, $"memory-{Guid.NewGuid():N}.elf");
        try
        {
            qmp.Execute("dump-guest-memory", new JsonObject { ["paging"] = false, ["protocol"] = "file:" + path, ["detach"] = true });
            string status = "active";
            while (status == "active")
            {
                Thread.Sleep(50);
                status = (string?)qmp.Execute("query-dump")?["status"] ?? "";
            }

            return status == "completed" ? new MemoryDump(path) : throw Failure($"the memory was not dumped: {status}");
        }
        finally
        {
            File.Delete(path);
        }
    }
}
