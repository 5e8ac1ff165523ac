// SPDX-License-Identifier: GPL-3.0-or-later

using System.Buffers.Binary;

namespace SkiaTrimmer;

/// <summary>
/// Takes code out of a library's file. What is left keeps its address: whole pages leave the file, and the code's segment becomes several,
/// with nothing mapped between them; what shares a page with something else is overwritten with instructions that end the
/// process (INT3, UDF). The program headers, of which there are more then, move to the end of the file.
/// </summary>
internal static class ElfCutter
{
    // A further segment is one more mmap(2) at the start of a process, which a few pages are not worth.
    private const ulong ShortestGap = 16384;
    private const byte X64Trap = 0xcc, Arm64Trap = 0;

    /// <param name="stripped">A library without symbols; stays as it is.</param>
    /// <param name="unused">Addresses of the code that goes, in their order.</param>
    /// <param name="readOnly">What is to be read-only once the library is loaded: strip(1) may have dropped it. Null: nothing.</param>
    /// <returns>The library without that code.</returns>
    /// <exception cref="InvalidDataException">The file is laid out in a way that is not known here.</exception>
    public static byte[] Cut(byte[] stripped, IEnumerable<AddressRange> unused, Segment? readOnly)
    {
        var image = new ElfImage(stripped);
        if (image.Segments.Where(segment => segment.IsCode).ToArray() is not [var code] || code.FileSize != code.MemorySize)
        {
            throw new InvalidDataException("the code is not one segment");
        }
        var body = stripped[..(int)image.SectionHeadersAt];
        if (body.Length + (image.Sections.Count * ElfImage.SectionHeaderSize) != stripped.Length)
        {
            throw new InvalidDataException("the section headers are not what the file ends with");
        }
        var gaps = new List<AddressRange>();
        foreach (var range in unused)
        {
            if (range.Start < code.Address || range.End > code.End)
            {
                throw new InvalidDataException($"0x{range.Start:x} is not loaded as code");
            }
            body.AsSpan((int)(range.Start - code.Address + code.Offset), (int)range.Length)
                .Fill(image.Machine == Machine.X64 ? X64Trap : Arm64Trap);
            var pages = range.Inside(code.Alignment);
            if (pages.Length >= ShortestGap)
            {
                gaps.Add(pages);
            }
        }
        body.AsSpan((int)image.ProgramHeadersAt, image.Segments.Count * ElfImage.ProgramHeaderSize).Clear();
        return new Layout(image, code, gaps, readOnly).Write(stripped, body);
    }

    /// <summary>Where everything lies once the gaps are gone.</summary>
    private sealed class Layout(ElfImage image, Segment code, List<AddressRange> gaps, Segment? readOnly)
    {
        // In the file's header, a section's and a program's.
        private const int ProgramHeadersAt = 32, SectionHeadersAt = 40, ProgramHeaderCount = 56, SectionHeaderCount = 60;
        private const int SectionAddress = 16, SectionOffset = 24, SectionSize = 32;
        private const int Flags = 4, Offset = 8, Address = 16, PhysicalAddress = 24, FileSize = 32, MemorySize = 40, Alignment = 48;

        private readonly AddressRange[] _gapsInFile = [.. gaps.Select(gap =>
            new AddressRange(gap.Start - code.Address + code.Offset, gap.End - code.Address + code.Offset))];

        public byte[] Write(byte[] file, byte[] body)
        {
            var output = new MemoryStream();
            foreach (var piece in new AddressRange(0, (ulong)body.Length).Without(_gapsInFile))
            {
                output.Write(body, (int)piece.Start, (int)piece.Length);
            }
            // The loader looks for the program headers where the last page of a segment is loaded, and some of those pages are written to.
            var page = (long)image.Segments.Where(segment => segment.Type == Segment.Load).Max(segment => segment.Alignment);
            output.SetLength((output.Length + page - 1) / page * page);
            output.Position = output.Length;

            var (sections, segments) = (SectionHeaders(file), ProgramHeaders(file));
            var (sectionsAt, segmentsAt) = (output.Length, output.Length + (sections.Count * ElfImage.SectionHeaderSize));
            foreach (var header in sections.Concat(segments))
            {
                output.Write(header);
            }
            var result = output.ToArray();
            Put(result, ProgramHeadersAt, (ulong)segmentsAt);
            Put(result, SectionHeadersAt, (ulong)sectionsAt);
            BinaryPrimitives.WriteUInt16LittleEndian(result.AsSpan(ProgramHeaderCount), (ushort)segments.Count);
            BinaryPrimitives.WriteUInt16LittleEndian(result.AsSpan(SectionHeaderCount), (ushort)sections.Count);
            return result;
        }

        // Symbols name their section by its number: what a section has become besides its first piece comes after all others.
        private List<byte[]> SectionHeaders(byte[] file)
        {
            var (headers, further) = (new List<byte[]>(), new List<byte[]>());
            foreach (var (i, section) in image.Sections.Index())
            {
                var header = file.AsSpan((int)image.SectionHeadersAt + (i * ElfImage.SectionHeaderSize), ElfImage.SectionHeaderSize);
                var whole = new AddressRange(section.Address, section.End);
                AddressRange[] pieces = section.IsCode ? [.. whole.Without(gaps)] : [whole];
                if (pieces.Length == 0)
                {
                    throw new InvalidDataException($"nothing is left of {section.Name}");
                }
                foreach (var (number, piece) in pieces.Index())
                {
                    var copy = header.ToArray();
                    Put(copy, SectionAddress, piece.Start);
                    Put(copy, SectionOffset, InFile(section.Offset + (piece.Start - section.Address)));
                    Put(copy, SectionSize, piece.Length);
                    (number == 0 ? headers : further).Add(copy);
                }
            }
            return [.. headers, .. further];
        }

        private List<byte[]> ProgramHeaders(byte[] file)
        {
            var headers = new List<byte[]>();
            foreach (var (i, segment) in image.Segments.Index())
            {
                var header = file.AsSpan((int)image.ProgramHeadersAt + (i * ElfImage.ProgramHeaderSize), ElfImage.ProgramHeaderSize);
                if (segment == code)
                {
                    headers.AddRange(new AddressRange(code.Address, code.End).Without(gaps).Select(piece => Piece(code, piece)));
                }
                // The table itself is loaded no more, and what is read-only is told of below.
                else if (segment.Type is not (Segment.ProgramHeaders or Segment.ReadOnlyAfterRelocation))
                {
                    var copy = header.ToArray();
                    Put(copy, Offset, InFile(segment.Offset));
                    headers.Add(copy);
                }
            }
            if (readOnly is not null)
            {
                headers.Add(ReadOnly(readOnly));
            }
            return headers;
        }

        private byte[] Piece(Segment segment, AddressRange piece) => Header(
            segment, InFile(segment.Offset + (piece.Start - segment.Address)), piece.Start, piece.Length, piece.Length);

        private byte[] ReadOnly(Segment wanted)
        {
            var holder = image.Segments.FirstOrDefault(segment =>
                segment.Type == Segment.Load && wanted.Address >= segment.Address && wanted.Address + wanted.FileSize <= segment.End)
                ?? throw new InvalidDataException("what is to be read-only is not loaded");
            var offset = InFile(holder.Offset + (wanted.Address - holder.Address));
            return Header(wanted, offset, wanted.Address, wanted.FileSize, wanted.MemorySize);
        }

        private static byte[] Header(Segment segment, ulong offset, ulong address, ulong fileSize, ulong memorySize)
        {
            var header = new byte[ElfImage.ProgramHeaderSize];
            BinaryPrimitives.WriteUInt32LittleEndian(header, segment.Type);
            BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(Flags), segment.Flags);
            Put(header, Offset, offset);
            Put(header, Address, address);
            Put(header, PhysicalAddress, address);
            Put(header, FileSize, fileSize);
            Put(header, MemorySize, memorySize);
            Put(header, Alignment, segment.Alignment);
            return header;
        }

        private ulong InFile(ulong offset) =>
            _gapsInFile.Where(gap => gap.Start < offset).Aggregate(offset, (moved, gap) => moved - gap.Length);

        private static void Put(byte[] bytes, int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at), value);
    }
}
