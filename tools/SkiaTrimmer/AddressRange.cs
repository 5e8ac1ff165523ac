// SPDX-License-Identifier: GPL-3.0-or-later

namespace SkiaTrimmer;

/// <summary>From <paramref name="Start"/> to just before <paramref name="End"/>.</summary>
internal readonly record struct AddressRange(ulong Start, ulong End)
{
    public ulong Length => End - Start;

    /// <summary>The part of it that whole pages of this size make up; may be empty.</summary>
    public AddressRange Inside(ulong pageSize)
    {
        var start = (Start + pageSize - 1) / pageSize * pageSize;
        return new(start, Math.Max(start, End / pageSize * pageSize));
    }

    /// <summary>What is left of it, in pieces, without these ranges, which are in order and may lie elsewhere.</summary>
    public IEnumerable<AddressRange> Without(IEnumerable<AddressRange> gaps)
    {
        var at = Start;
        foreach (var gap in gaps)
        {
            if (gap.Start >= End || gap.End <= at)
            {
                continue;
            }
            if (gap.Start > at)
            {
                yield return new(at, gap.Start);
            }
            at = gap.End;
        }
        // What is empty is a piece too: a section without bytes keeps its header.
        if (at < End || Length == 0)
        {
            yield return new(at, Math.Max(at, End));
        }
    }
}
