// SPDX-License-Identifier: GPL-3.0-or-later

using System.Buffers.Binary;

namespace SkiaTrimmer;

/// <summary>
/// Takes code out of a library's file. What is left keeps its address: whole pages leave the file, and the code's segment becomes several, with
/// nothing mapped between them; what shares a page with something else is overwritten with instructions that end the process
/// (INT3, UDF). The program headers, of which there are more then, move to the end of the file.
/// </summary>
internal static class ElfCutter
{
    // A further segment is one more mmap(2) at the start of a process, which a few pages are not worth.
    private const ulong ShortestGap = 16384;
    private const byte X64Trap = 0xcc, Arm64Trap = 0;

    /// <param name="file">A stripped library; stays as it is.</param>
    /// <param name="unused">Addresses of the code that goes, in their order.</param>
    /// <returns>The library without it.</returns>
    /// <exception cref="InvalidDataException">The file is laid out in a way that is not known here.</exception>
    public static byte[] Cut(byte[] file, IEnumerable<AddressRange> unused)
    {
        var image = new ElfImage(file);
        var segment = image.Segments.Single(segment => segment.IsCode);
        var body = file[..(int)image.SectionHeadersAt];
        if (body.Length + (image.Sections.Count * ElfImage.SectionHeaderSize) != file.Length)
        {
            throw new InvalidDataException("the section headers are not what the file ends with");
        }
        var gaps = new List<AddressRange>();
        foreach (var range in unused)
        {
            if (range.Start < segment.Address || range.End > segment.Address + segment.FileSize)
            {
                throw new InvalidDataException($"0x{range.Start:x} is not loaded as code");
            }
            body.AsSpan((int)(range.Start - segment.Address + segment.Offset), (int)range.Length)
                .Fill(image.Machine == Machine.X64 ? X64Trap : Arm64Trap);
            var pages = range.Inside(segment.Alignment);
            if (pages.Length >= ShortestGap)
            {
                gaps.Add(pages);
            }
        }
        body.AsSpan((int)image.ProgramHeadersAt, image.Segments.Count * ElfImage.ProgramHeaderSize).Clear();
        return new Layout(image, segment, gaps).Write(file, body);
    }

    /// <summary>Where everything lies once the gaps are gone.</summary>
    private sealed class Layout(ElfImage image, Segment code, List<AddressRange> gaps)
    {
        private readonly AddressRange[] _gapsInFile = [.. gaps.Select(gap =>
            new AddressRange(gap.Start - code.Address + code.Offset, gap.End - code.Address + code.Offset))];

        public byte[] Write(byte[] file, byte[] body)
        {
            var output = new MemoryStream();
            foreach (var piece in new AddressRange(0, (ulong)body.Length).Without(_gapsInFile))
            {
                output.Write(body, (int)piece.Start, (int)piece.Length);
            }
            output.SetLength((output.Length + 7) / 8 * 8);
            output.Position = output.Length;

            var (sections, segments) = (SectionHeaders(file), ProgramHeaders(file));
            var (sectionsAt, segmentsAt) = (output.Length, output.Length + (sections.Count * ElfImage.SectionHeaderSize));
            foreach (var header in sections.Concat(segments))
            {
                output.Write(header);
            }
            var result = output.ToArray();
            BinaryPrimitives.WriteInt64LittleEndian(result.AsSpan(32), segmentsAt);
            BinaryPrimitives.WriteInt64LittleEndian(result.AsSpan(40), sectionsAt);
            BinaryPrimitives.WriteInt16LittleEndian(result.AsSpan(56), (short)segments.Count);
            BinaryPrimitives.WriteInt16LittleEndian(result.AsSpan(60), (short)sections.Count);
            return result;
        }

        // Symbols name their section by its number: what a section has become besides its first piece comes after all others.
        private List<byte[]> SectionHeaders(byte[] file)
        {
            var (headers, further) = (new List<byte[]>(), new List<byte[]>());
            foreach (var (i, section) in image.Sections.Index())
            {
                var header = file.AsSpan((int)image.SectionHeadersAt + (i * ElfImage.SectionHeaderSize), ElfImage.SectionHeaderSize);
                var pieces = section.IsCode ? new AddressRange(section.Address, section.End).Without(gaps) : [new(section.Address, section.End)];
                foreach (var (number, piece) in pieces.Index())
                {
                    var copy = header.ToArray();
                    Put(copy, 16, piece.Start);
                    Put(copy, 24, InFile(section.Offset + (piece.Start - section.Address)));
                    Put(copy, 32, piece.Length);
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
                // This one says where the table is loaded, and it is not any more.
                if (segment.Type == Segment.ProgramHeaders)
                {
                    continue;
                }
                var header = file.AsSpan((int)image.ProgramHeadersAt + (i * ElfImage.ProgramHeaderSize), ElfImage.ProgramHeaderSize);
                if (segment != code)
                {
                    var copy = header.ToArray();
                    Put(copy, 8, InFile(segment.Offset));
                    headers.Add(copy);
                    continue;
                }
                foreach (var piece in new AddressRange(segment.Address, segment.Address + segment.FileSize).Without(gaps))
                {
                    var copy = header.ToArray();
                    Put(copy, 8, InFile(segment.Offset + (piece.Start - segment.Address)));
                    Put(copy, 16, piece.Start);
                    Put(copy, 24, piece.Start);
                    Put(copy, 32, piece.Length);
                    Put(copy, 40, piece.Length);
                    headers.Add(copy);
                }
            }
            return headers;
        }

        private ulong InFile(ulong offset) =>
            _gapsInFile.Where(gap => gap.Start < offset).Aggregate(offset, (moved, gap) => moved - gap.Length);

        private static void Put(byte[] header, int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(at), value);
    }
}
