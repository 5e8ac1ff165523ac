// SPDX-License-Identifier: GPL-3.0-or-later

using System.Buffers.Binary;
using static SkiaTrimmer.Arm64Instruction;

namespace SkiaTrimmer;

/// <summary>
/// What AArch64 machine code refers to. A branch holds its target. Any other address is made of a
/// page (ADRP) and an offset in it, which an ADD, or a load or store itself, puts together: which pages a register may hold there
/// is followed along every way through the function. Where an instruction is not known, a register keeps what it may have held: that gives
/// targets too many. Compilers do nothing else with a page, which they rather make anew; where one is stored, chosen, or added to in
/// another way, the function is refused.
/// </summary>
internal static class Arm64Code
{
    private const ulong PageSize = 4096;
    private const int Registers = 32, InstructionSize = 4, FirstKeptByCalls = 19;

    /// <summary>Every address that <paramref name="code"/>, one function loaded at <paramref name="address"/>, may refer to.</summary>
    /// <exception cref="InvalidDataException">It does with a page what is not followed here.</exception>
    public static IEnumerable<ulong> Targets(byte[] code, ulong address) => new Flow(code, address).Run();

    /// <summary>A walk through one function, again and again until the registers at the start of each block hold nothing new.</summary>
    private sealed class Flow(byte[] code, ulong address)
    {
        private readonly int _count = code.Length / InstructionSize;
        private readonly HashSet<ulong> _targets = [];
        private readonly Dictionary<int, HashSet<ulong>[]> _before = [];
        private readonly Queue<int> _changed = new();
        private readonly SortedSet<int> _starts = [0];

        // What registers may hold where a jump through a table leads, which is not known and need not be the start of a block.
        private readonly HashSet<ulong>[] _throughTables = Empty();

        public HashSet<ulong> Run()
        {
            FindStarts();
            // A block that nothing seems to lead to is one for exceptions.
            foreach (var start in _starts)
            {
                if (!_before.ContainsKey(start))
                {
                    Reach(start, Empty());
                }
                while (_changed.TryDequeue(out var next))
                {
                    Walk(next);
                }
            }
            return _targets;
        }

        private void FindStarts()
        {
            for (var i = 0; i < _count; i++)
            {
                var word = Word(i);
                if (BranchTarget(word, i) is { } target && Index(target) is { } inside)
                {
                    _starts.Add(inside);
                }
                if ((IsBranch(word) || EndsBlock(word)) && i + 1 < _count)
                {
                    _starts.Add(i + 1);
                }
            }
        }

        private void Walk(int start)
        {
            var pages = Copy(_before[start]);
            for (var i = start; i < _count; i++)
            {
                if (i != start && _starts.Contains(i))
                {
                    Reach(i, pages);
                    return;
                }
                var word = Word(i);
                if (BranchTarget(word, i) is { } target)
                {
                    _targets.Add(target);
                    if (Index(target) is { } inside && !IsCall(word))
                    {
                        Reach(inside, pages);
                    }
                }
                if (IsJumpThroughRegister(word) && Merge(_throughTables, pages))
                {
                    foreach (var any in _starts)
                    {
                        Reach(any, pages);
                        _changed.Enqueue(any);
                    }
                }
                if (EndsBlock(word))
                {
                    return;
                }
                Step(word, i, pages);
            }
        }

        private void Step(uint word, int i, HashSet<ulong>[] pages)
        {
            var here = address + (ulong)(i * InstructionSize);
            var (destination, first, second) = ((int)(word & 31), (int)((word >> 5) & 31), (int)((word >> 16) & 31));
            if (IsAdrp(word))
            {
                pages[destination] = [(here & ~(PageSize - 1)) + ((ulong)Adr(word) * PageSize)];
            }
            else if (LiteralDistance(word) is { } distance)
            {
                _targets.Add(here + (ulong)distance);
                if ((word & 0x04000000) == 0)
                {
                    pages[destination] = [];
                }
            }
            else if (Offset(word) is { } offset)
            {
                _targets.UnionWith(pages[first].Concat(_throughTables[first]).Select(page => page + offset));
                if (IsAdd(word) || IsIntegerLoad(word))
                {
                    pages[destination] = [];
                }
                Refuse(IsIntegerStore(word) && pages[destination].Count > 0, here);
            }
            else if (IsIndexed(word))
            {
                _targets.UnionWith(pages[first].Concat(_throughTables[first])
                    .SelectMany(page => (ulong[])[page, page + (ulong)Arm64Instruction.Index(word)]));
                if (IsIntegerLoad(word))
                {
                    pages[destination] = [];
                }
            }
            else if (IsMove(word))
            {
                pages[destination] = pages[second];
            }
            else if (IsCall(word))
            {
                Array.Fill(pages, [], 0, FirstKeptByCalls);
            }
            else
            {
                Refuse(IsChoice(word) && (pages[first].Count > 0 || pages[second].Count > 0), here);
                Refuse((IsPair(word) || IsByRegister(word) || IsShiftedAdd(word)) && pages[first].Count > 0, here);
                if (IsImmediateArithmetic(word) || IsRegisterArithmetic(word) || IsIntegerLoad(word) || IsFromVector(word))
                {
                    pages[destination] = [];
                }
                if (IsIntegerLoadOfPair(word))
                {
                    pages[destination] = pages[(int)((word >> 10) & 31)] = [];
                }
            }
            pages[Registers - 1] = [];
        }

        private void Reach(int start, HashSet<ulong>[] pages)
        {
            var isNew = !_before.ContainsKey(start);
            if (isNew)
            {
                _before[start] = Empty();
            }
            if (Merge(_before[start], pages) || isNew)
            {
                _changed.Enqueue(start);
            }
        }

        private static bool Merge(HashSet<ulong>[] known, HashSet<ulong>[] pages)
        {
            var hasChanged = false;
            for (var register = 0; register < Registers; register++)
            {
                if (!pages[register].IsSubsetOf(known[register]))
                {
                    known[register] = [.. known[register], .. pages[register]];
                    hasChanged = true;
                }
            }
            return hasChanged;
        }

        private static void Refuse(bool isStrange, ulong here)
        {
            if (isStrange)
            {
                throw new InvalidDataException($"what 0x{here:x} does with the address of a page is not followed");
            }
        }

        private uint Word(int i) => BinaryPrimitives.ReadUInt32LittleEndian(code.AsSpan(i * InstructionSize));

        private ulong? BranchTarget(uint word, int i) =>
            BranchDistance(word) is { } distance ? address + (ulong)(i * InstructionSize) + (ulong)distance : null;

        private int? Index(ulong target) =>
            target >= address && target < address + (ulong)code.Length ? (int)((target - address) / InstructionSize) : null;

        private static HashSet<ulong>[] Empty() => [.. Enumerable.Range(0, Registers).Select(_ => new HashSet<ulong>())];

        // No set is ever added to: the copy may share them.
        private static HashSet<ulong>[] Copy(HashSet<ulong>[] pages) => [.. pages];
    }
}
