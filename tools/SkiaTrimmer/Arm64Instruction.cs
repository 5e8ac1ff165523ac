// SPDX-License-Identifier: GPL-3.0-or-later

namespace SkiaTrimmer;

/// <summary>What an AArch64 instruction is, so far as Arm64Code wants to know (Arm Architecture Reference Manual, C4.1).</summary>
internal static class Arm64Instruction
{
    // B and BL, B.cond, CBZ and CBNZ, TBZ and TBNZ.
    public static long? BranchDistance(uint word) => word switch
    {
        _ when (word & 0x7c000000) == 0x14000000 => Signed(word, 0, 26) * 4,
        _ when (word & 0xff000000) == 0x54000000 => Signed(word, 5, 19) * 4,
        _ when (word & 0x7e000000) == 0x34000000 => Signed(word, 5, 19) * 4,
        _ when (word & 0x7e000000) == 0x36000000 => Signed(word, 5, 14) * 4,
        _ => null,
    };

    // LDR (literal), also for vectors, and ADR.
    public static long? LiteralDistance(uint word) => word switch
    {
        _ when (word & 0x3b000000) == 0x18000000 => Signed(word, 5, 19) * 4,
        _ when (word & 0x9f000000) == 0x10000000 => Adr(word),
        _ => null,
    };

    public static bool IsBranch(uint word) => BranchDistance(word) is not null || (word & 0xfe000000) == 0xd6000000;

    public static bool IsCall(uint word) => (word & 0xfc000000) == 0x94000000 || (word & 0xfffffc1f) == 0xd63f0000;

    public static bool IsJumpThroughRegister(uint word) => (word & 0xfffffc1f) == 0xd61f0000;

    // B, BR, RET and BRK.
    public static bool EndsBlock(uint word) =>
        (word & 0xfc000000) == 0x14000000 || IsJumpThroughRegister(word) || (word & 0xfffffc1f) == 0xd65f0000 ||
        (word & 0xffe0001f) == 0xd4200000;

    // The distance of ADR in bytes, of ADRP in pages.
    public static long Adr(uint word) => (Signed(word, 5, 19) * 4) | ((word >> 29) & 3);

    // ADD (immediate), and loads and stores with an unsigned offset, which counts in units of what is moved.
    public static ulong? Offset(uint word)
    {
        ulong immediate = (word >> 10) & 0xfff;
        if (IsAdd(word))
        {
            return immediate;
        }
        if ((word & 0x3b000000) != 0x39000000)
        {
            return null;
        }
        var isWideVector = (word & 0x04800000) == 0x04800000;
        return immediate << ((int)(word >> 30) + (isWideVector ? 4 : 0));
    }

    public static bool IsAdrp(uint word) => (word & 0x9f000000) == 0x90000000;

    // Of one register to another.
    public static bool IsMove(uint word) => (word & 0xffe0ffe0) == 0xaa0003e0;

    public static bool IsAdd(uint word) => (word & 0x7fc00000) == 0x11000000;

    public static bool IsShiftedAdd(uint word) => (word & 0x7fc00000) == 0x11400000;

    // LDP and STP.
    public static bool IsPair(uint word) => (word & 0x3a000000) == 0x28000000;

    // Also what is atomic.
    public static bool IsByRegister(uint word) => (word & 0x3b200000) == 0x38200000;

    // Loads and stores with a signed offset, which may stay added.
    public static bool IsIndexed(uint word) => (word & 0x3b200000) == 0x38000000;

    public static bool IsIntegerStore(uint word) => (word & 0x3fc00000) == 0x39000000;

    // Of any addressing, not a store, and not PRFM.
    public static bool IsIntegerLoad(uint word) =>
        (word & 0x3e000000) == 0x38000000 && (word & 0x00c00000) != 0 && (word & 0xfec00000) != 0xf8800000;

    public static bool IsIntegerLoadOfPair(uint word) => (word & 0x3e400000) == 0x28400000;

    // Arithmetic with an immediate (but what IsAdd says), fields, immediates moved. As the next two, they all write their first register
    // and nothing else.
    public static bool IsImmediateArithmetic(uint word) => (word & 0x1c000000) == 0x10000000;

    // CSEL and its kin.
    public static bool IsChoice(uint word) => (word & 0x1fe00000) == 0x1a800000;

    // Logic, sums and products of registers; CSEL and its kin, shifts, divisions.
    public static bool IsRegisterArithmetic(uint word) =>
        (word & 0x1f000000) is 0x0a000000 or 0x0b000000 or 0x1b000000 || (word & 0x1fe00000) is 0x1a800000 or 0x1ac00000;

    // FCVT and FMOV to a general register, SMOV and UMOV.
    public static bool IsFromVector(uint word) =>
        ((word & 0x5f20fc00) == 0x1e200000 && ((word >> 16) & 7) is 0 or 1 or 4 or 5 or 6) || (word & 0xbfe0ec00) == 0x0e002c00;

    // What IsIndexed adds, in bytes.
    public static long Index(uint word) => Signed(word, 12, 9);

    private static long Signed(uint word, int low, int bits) => (long)((ulong)word << (64 - low - bits)) >> (64 - bits);
}
