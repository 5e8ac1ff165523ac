// SPDX-License-Identifier: GPL-3.0-or-later

using Iced.Intel;

namespace SkiaTrimmer;

/// <summary>What x86-64 machine code refers to: in position-independent code, branches and operands counted from the instruction.</summary>
internal static class X64Code
{
    /// <summary>Every address that <paramref name="code"/>, loaded at <paramref name="address"/>, refers to.</summary>
    /// <exception cref="InvalidDataException">These are no instructions.</exception>
    public static IEnumerable<ulong> Targets(byte[] code, ulong address)
    {
        var decoder = Decoder.Create(64, code, address);
        while (decoder.IP < address + (ulong)code.Length)
        {
            var instruction = decoder.Decode();
            if (instruction.IsInvalid)
            {
                throw new InvalidDataException($"no instruction at 0x{instruction.IP:x}");
            }
            if (instruction.NearBranchTarget is not 0 and var target)
            {
                yield return target;
            }
            if (instruction.IsIPRelativeMemoryOperand)
            {
                yield return instruction.IPRelativeMemoryAddress;
            }
        }
    }
}
