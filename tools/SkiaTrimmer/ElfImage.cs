// SPDX-License-Identifier: GPL-3.0-or-later
//
// The parts of an ELF file that tell what refers to what and where it is loaded (System V ABI, chapters 4 and 5): 64 bits, little-endian.

using System.Buffers.Binary;
using System.Text;

namespace SkiaTrimmer;

/// <summary>The processors that an image can be for, by their number in e_machine.</summary>
internal enum Machine : ushort
{
    X64 = 62,
    Arm64 = 183,
}

/// <summary>A section header.</summary>
/// <param name="Name">For example ".text".</param>
/// <param name="Type">sh_type.</param>
/// <param name="Flags">sh_flags.</param>
/// <param name="Address">Where it is loaded, from the image's base; 0 when it is not.</param>
/// <param name="Offset">Where it lies in the file.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Link">The section that its names or symbols are in.</param>
internal sealed record Section(string Name, uint Type, ulong Flags, ulong Address, ulong Offset, ulong Size, int Link)
{
    public const uint SymbolTable = 2, Rela = 4, Rel = 9, DynamicSymbols = 11, Relr = 19;

    public ulong End => Address + Size;
    public bool IsLoaded => (Flags & 2) != 0;
    public bool IsWritable => IsLoaded && (Flags & 1) != 0;
    public bool IsCode => IsLoaded && (Flags & 4) != 0;

    public bool Holds(ulong address) => IsLoaded && address >= Address && address < End;
}

/// <summary>A program header.</summary>
/// <param name="Type">p_type.</param>
/// <param name="Flags">p_flags.</param>
/// <param name="Offset">Where it lies in the file.</param>
/// <param name="Address">Where it is loaded, from the image's base.</param>
/// <param name="FileSize">In bytes.</param>
/// <param name="MemorySize">The same once it is loaded; what is more than in the file is zero.</param>
/// <param name="Alignment">Address and offset are the same modulo this many bytes.</param>
internal sealed record Segment(uint Type, uint Flags, ulong Offset, ulong Address, ulong FileSize, ulong MemorySize, ulong Alignment)
{
    public const uint Load = 1, ProgramHeaders = 6, ReadOnlyAfterRelocation = 0x6474e552;

    public ulong End => Address + FileSize;
    public bool IsCode => Type == Load && (Flags & 1) != 0;
}

/// <summary>A symbol.</summary>
/// <param name="Name">Without its version.</param>
/// <param name="Address">From the image's base.</param>
/// <param name="Size">In bytes; assembly may leave it at 0.</param>
/// <param name="Type">STT_*.</param>
/// <param name="Section">The section's number; 0 for a symbol of another library.</param>
internal sealed record Symbol(string Name, ulong Address, ulong Size, int Type, int Section)
{
    public const int Object = 1, Function = 2, IndirectFunction = 10;

    public bool IsUndefined => Section == 0;
}

/// <summary>An address that is written when the image is loaded.</summary>
/// <param name="Place">Where it is written.</param>
/// <param name="Target">What is written; null when it is not inside the image.</param>
internal sealed record Relocation(ulong Place, ulong? Target);

/// <summary>
/// A library or program file. Reading throws <see cref="InvalidDataException"/> for what is not ELF, is of a form that is not known
/// here, or ends early.
/// </summary>
internal sealed class ElfImage
{
    public const int HeaderSize = 64, SectionHeaderSize = 64, ProgramHeaderSize = 56;

    private const int SymbolSize = 24, RelaSize = 24;

    private readonly byte[] _file;

    public ElfImage(byte[] file)
    {
        _file = file;
        if (file.Length < HeaderSize || !file.AsSpan(0, 6).SequenceEqual("\u007fELF\u0002\u0001"u8))
        {
            throw new InvalidDataException("not a little-endian 64-bit ELF file");
        }
        Machine = (Machine)U16(18);
        if (Machine is not (Machine.X64 or Machine.Arm64))
        {
            throw new InvalidDataException($"machine {(ushort)Machine} is not known");
        }
        Sections = ReadSections();
        Segments = [.. Entries(ProgramHeadersAt, U16(56) * (ulong)ProgramHeaderSize, ProgramHeaderSize).Select(at =>
            new Segment(U32(at), U32(at + 4), U64(at + 8), U64(at + 16), U64(at + 32), U64(at + 40), U64(at + 48)))];
        Symbols = ReadSymbols(Section.SymbolTable);
        DynamicSymbols = ReadSymbols(Section.DynamicSymbols);
        Relocations = ReadRelocations();
    }

    public Machine Machine { get; }
    public IReadOnlyList<Section> Sections { get; }
    public IReadOnlyList<Segment> Segments { get; }

    /// <summary>All of them, the local ones too; none in a stripped file.</summary>
    public IReadOnlyList<Symbol> Symbols { get; }

    /// <summary>What is exported and imported.</summary>
    public IReadOnlyList<Symbol> DynamicSymbols { get; }

    public IReadOnlyList<Relocation> Relocations { get; }

    public ulong ProgramHeadersAt => U64(32);
    public ulong SectionHeadersAt => U64(40);

    /// <summary>The bytes of a section from the address <paramref name="start"/> to <paramref name="end"/>.</summary>
    public ReadOnlySpan<byte> Bytes(Section section, ulong start, ulong end) =>
        Slice(section.Offset + (start - section.Address), end - start);

    private Section[] ReadSections()
    {
        var count = U16(60);
        if (U16(58) != SectionHeaderSize || count == 0)
        {
            throw new InvalidDataException("no section headers");
        }
        var names = U64(SectionHeadersAt + ((ulong)U16(62) * SectionHeaderSize) + 24);
        return [.. Entries(SectionHeadersAt, count * (ulong)SectionHeaderSize, SectionHeaderSize).Select(at =>
            new Section(Text(names + U32(at)), U32(at + 4), U64(at + 8), U64(at + 16), U64(at + 24), U64(at + 32), (int)U32(at + 40)))];
    }

    private Symbol[] ReadSymbols(uint type)
    {
        if (Sections.FirstOrDefault(section => section.Type == type) is not { } table)
        {
            return [];
        }
        var names = Sections[table.Link].Offset;
        return [.. Entries(table.Offset, table.Size, SymbolSize).Select(at =>
            new Symbol(Text(names + U32(at)), U64(at + 8), U64(at + 16), Slice(at + 4, 1)[0] & 0xf, U16(at + 6)))];
    }

    // Relocations in any other form would be references that nobody sees.
    private Relocation[] ReadRelocations()
    {
        if (Sections.FirstOrDefault(section => section.IsLoaded && section.Type is Section.Rel or Section.Relr) is { } other)
        {
            throw new InvalidDataException($"{other.Name}: relocations of this form are not known");
        }
        return [.. Sections.Where(section => section.IsLoaded && section.Type == Section.Rela)
            .SelectMany(section => Entries(section.Offset, section.Size, RelaSize)).Select(ReadRelocation)];
    }

    private Relocation ReadRelocation(ulong at)
    {
        var symbol = (int)(U64(at + 8) >> 32);
        var addend = U64(at + 16);
        if (symbol == 0)
        {
            return new Relocation(U64(at), addend);
        }
        var named = DynamicSymbols[symbol];
        return new Relocation(U64(at), named.IsUndefined ? null : named.Address + addend);
    }

    private static IEnumerable<ulong> Entries(ulong start, ulong size, int step)
    {
        for (ulong at = 0; at + (ulong)step <= size; at += (ulong)step)
        {
            yield return start + at;
        }
    }

    private string Text(ulong at)
    {
        var rest = Slice(at, 0, toEnd: true);
        var length = rest.IndexOf((byte)0);
        return length < 0 ? throw new InvalidDataException("a name does not end") : Encoding.Latin1.GetString(rest[..length]);
    }

    private ushort U16(ulong at) => BinaryPrimitives.ReadUInt16LittleEndian(Slice(at, 2));

    private uint U32(ulong at) => BinaryPrimitives.ReadUInt32LittleEndian(Slice(at, 4));

    private ulong U64(ulong at) => BinaryPrimitives.ReadUInt64LittleEndian(Slice(at, 8));

    private ReadOnlySpan<byte> Slice(ulong at, ulong size, bool toEnd = false)
    {
        if (at > (ulong)_file.Length || size > (ulong)_file.Length - at)
        {
            throw new InvalidDataException("the file ends early");
        }
        return toEnd ? _file.AsSpan((int)at) : _file.AsSpan((int)at, (int)size);
    }
}
