// SPDX-License-Identifier: GPL-3.0-or-later

using System.Buffers.Binary;

namespace SkiaTrimmer;

/// <summary>
/// Which functions of a library can be reached from some of those that it exports: the graph of its functions, of its data that holds
/// addresses and of the slots of its global offset table, as the code, the relocations and tables of distances tell it. Whatever lies in
/// none of these is taken for used, with all that it refers to; so is what nothing seems to refer to, since somebody does it in a way
/// that is not seen here.
/// </summary>
internal sealed class Reachability
{
    // Compilers fold a constant index into an address: table[i - 1] refers to what lies before the table. Not so with a virtual table.
    private const ulong IndexSlack = 64;
    private const string VirtualTable = "_ZTV";

    // LLVM makes a table of addresses of constants into one of their 32-bit distances from its start.
    private const int LongestDistanceTable = 1024;

    // Functions begin at multiples of this many bytes.
    private const ulong FunctionAlignment = 16;

    private static readonly string[] DataSections = [".data", ".data.rel.ro"], SlotSections = [".got", ".got.plt"];

    private readonly ElfImage _image;
    private readonly List<Part> _parts;
    private readonly ulong[] _starts;
    private readonly Section[] _constants;
    private readonly HashSet<ulong> _unnamedTargets = [];
    private readonly HashSet<Part> _always = [];

    /// <exception cref="InvalidDataException">The library has no symbols, or code that is none.</exception>
    public Reachability(ElfImage image)
    {
        _image = image;
        _parts = Merge(PartsOf(image));
        _starts = [.. _parts.Select(part => part.Start)];
        _constants = [.. image.Sections.Where(section => section is { IsLoaded: true, IsWritable: false, IsCode: false })];
        if (!Functions.Any())
        {
            throw new InvalidDataException("the library has no symbols that tell where its functions are");
        }
        ConnectRelocations();
        ConnectCode();
        Unreferenced = [.. _parts.Where(part => !part.IsReferredTo && part.Kind != PartKind.Slot)];
        MarkAll(_always.Concat(Unreferenced));
    }

    /// <summary>All of them, in the order of their addresses.</summary>
    public IEnumerable<Part> Functions => _parts.Where(part => part.Kind == PartKind.Function);

    /// <summary>What neither the library refers to, so far as is seen here, nor another one can.</summary>
    public IReadOnlyList<Part> Unreferenced { get; }

    /// <summary>Where there is nothing but functions that are not used, and the padding between them.</summary>
    public IEnumerable<AddressRange> UnusedCode()
    {
        var range = default(AddressRange);
        foreach (var function in Functions)
        {
            if (range.Length > 0 && (function.IsUsed || !IsPadding(range.End, function.Start)))
            {
                yield return range;
                range = default;
            }
            if (!function.IsUsed)
            {
                range = new(range.Length > 0 ? range.Start : function.Start, function.End);
            }
        }
        if (range.Length > 0)
        {
            yield return range;
        }
    }

    /// <summary>Marks the function of this name as used, and all that can be reached from it.</summary>
    /// <returns>False when the library exports no such function.</returns>
    public bool TryUse(string function)
    {
        var symbol = _image.DynamicSymbols.FirstOrDefault(symbol => symbol.Name == function && !symbol.IsUndefined);
        if (symbol is null || At(symbol.Address) is not { } part)
        {
            return false;
        }
        MarkAll([part]);
        return true;
    }

    private bool IsPadding(ulong start, ulong end) =>
        end - start < FunctionAlignment && !_unnamedTargets.Any(target => target >= start && target < end);

    private static void MarkAll(IEnumerable<Part> parts)
    {
        var unread = new Stack<Part>(parts);
        while (unread.TryPop(out var part))
        {
            if (!part.IsUsed)
            {
                part.IsUsed = true;
                foreach (var target in part.Targets)
                {
                    unread.Push(target);
                }
            }
        }
    }

    private void ConnectRelocations()
    {
        foreach (var symbol in _image.DynamicSymbols)
        {
            At(symbol.Address)?.IsReferredTo = true;
        }
        foreach (var relocation in _image.Relocations.Where(relocation => relocation.Target is not null))
        {
            Connect(At(relocation.Place), relocation.Target!.Value);
        }
    }

    private void ConnectCode()
    {
        foreach (var section in _image.Sections.Where(section => section.IsCode))
        {
            var at = section.Address;
            foreach (var part in _parts.Where(part => part.Section == section))
            {
                ConnectCode(null, section, at, part.Start);
                ConnectCode(part, section, part.Start, part.End);
                at = part.End;
            }
            ConnectCode(null, section, at, section.End);
        }
    }

    private void ConnectCode(Part? holder, Section section, ulong start, ulong end)
    {
        var code = _image.Bytes(section, start, end).ToArray();
        foreach (var address in _image.Machine == Machine.X64 ? X64Code.Targets(code, start) : Arm64Code.Targets(code, start))
        {
            Connect(holder, address);
            foreach (var part in IndexedFrom(address).Concat(ByDistanceFrom(address)))
            {
                Connect(holder, part);
            }
        }
    }

    private void Connect(Part? holder, ulong address)
    {
        if (At(address) is { } target)
        {
            Connect(holder, target);
        }
        else
        {
            _unnamedTargets.Add(address);
        }
    }

    private void Connect(Part? holder, Part target)
    {
        if (target == holder)
        {
            return;
        }
        target.IsReferredTo = true;
        (holder?.Targets ?? _always).Add(target);
    }

    private IEnumerable<Part> IndexedFrom(ulong address)
    {
        if (!_image.Sections.Any(section => DataSections.Contains(section.Name) && section.Holds(address)))
        {
            yield break;
        }
        for (var i = IndexAfter(address); i < _parts.Count && _parts[i].Start <= address + IndexSlack; i++)
        {
            if (!_parts[i].Name.StartsWith(VirtualTable, StringComparison.Ordinal))
            {
                yield return _parts[i];
            }
        }
    }

    private IEnumerable<Part> ByDistanceFrom(ulong table)
    {
        if (table % sizeof(int) != 0 || _constants.FirstOrDefault(section => section.Holds(table)) is not { } section)
        {
            yield break;
        }
        for (var i = 0; i < LongestDistanceTable; i++)
        {
            var entry = table + (ulong)(i * sizeof(int));
            if (entry + sizeof(int) > section.End)
            {
                yield break;
            }
            var distance = BinaryPrimitives.ReadInt32LittleEndian(_image.Bytes(section, entry, entry + sizeof(int)));
            if (At(table + (ulong)distance) is { Kind: PartKind.Data } part && part.Start == table + (ulong)distance)
            {
                yield return part;
            }
        }
    }

    private Part? At(ulong address)
    {
        var index = IndexAfter(address) - 1;
        return index >= 0 && address < _parts[index].End ? _parts[index] : null;
    }

    private int IndexAfter(ulong address)
    {
        var index = Array.BinarySearch(_starts, address);
        return index < 0 ? ~index : index + 1;
    }

    private static IEnumerable<Part> PartsOf(ElfImage image)
    {
        foreach (var symbol in image.Symbols.Where(symbol => symbol.Section > 0 && symbol.Section < image.Sections.Count))
        {
            var section = image.Sections[symbol.Section];
            if ((symbol.Type is Symbol.Function or Symbol.IndirectFunction && section.IsCode) ||
                (symbol.Type == Symbol.Object && DataSections.Contains(section.Name)))
            {
                var kind = section.IsCode ? PartKind.Function : PartKind.Data;
                yield return new Part(kind, symbol.Name, section, symbol.Address, symbol.Address + symbol.Size);
            }
        }
        foreach (var section in image.Sections.Where(section => SlotSections.Contains(section.Name)))
        {
            for (var slot = section.Address; slot < section.End; slot += sizeof(ulong))
            {
                yield return new Part(PartKind.Slot, "", section, slot, slot + sizeof(ulong));
            }
        }
    }

    // Symbols of one address, or that overlap, are one part. Assembly leaves sizes out: such a part ends where the next one begins.
    private static List<Part> Merge(IEnumerable<Part> parts)
    {
        var merged = new List<Part>();
        foreach (var part in parts.OrderBy(part => part.Start).ThenByDescending(part => part.End))
        {
            if (merged is [.., var last] && (part.Start < last.End || part.Start == last.Start))
            {
                last.End = Math.Max(last.End, part.End);
            }
            else
            {
                merged.Add(part);
            }
        }
        foreach (var (part, next) in merged.Zip([.. merged.Skip(1).Select(part => part.Start), ulong.MaxValue]))
        {
            if (part.End == part.Start)
            {
                part.End = Math.Min(next, part.Section.End);
            }
        }
        return merged;
    }
}

/// <summary>What a part of a library is.</summary>
internal enum PartKind
{
    Function,
    Data,

    /// <summary>Of the global offset table.</summary>
    Slot,
}

/// <summary>A node of the graph. Slots have no name.</summary>
internal sealed class Part(PartKind kind, string name, Section section, ulong start, ulong end)
{
    public PartKind Kind { get; } = kind;
    public string Name { get; } = name;
    public Section Section { get; } = section;
    public ulong Start { get; } = start;
    public ulong End { get; set; } = end;
    public HashSet<Part> Targets { get; } = [];
    public bool IsReferredTo { get; set; }
    public bool IsUsed { get; set; }
}
