// SPDX-License-Identifier: GPL-3.0-or-later
// seccomp(2), by prctl(2): the calling thread's munmap(2) of one address fails from here on; every other call is as it was.

using System.Runtime.InteropServices;

namespace CardUnlock.Tests;

internal static class SystemCalls
{
    private const int NoNewPrivileges = 38, SetSeccomp = 22, FilterMode = 2;
    private const uint Allow = 0x7FFF0000, RefuseWithEperm = 0x00050001;

    // Of struct seccomp_data: the call's number, and the first argument's two halves.
    private const uint Number = 0, Low = 16, High = 20;
    private const ushort Load = 0x20, JumpIfEqual = 0x15, Return = 0x06;

    public static unsafe void RefuseUnmap(nint address)
    {
        uint munmap = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 215u : 11u;
        Instruction* program = stackalloc Instruction[]
        {
            new(Load, 0, 0, Number), new(JumpIfEqual, 0, 5, munmap),
            new(Load, 0, 0, Low), new(JumpIfEqual, 0, 3, (uint)address),
            new(Load, 0, 0, High), new(JumpIfEqual, 0, 1, (uint)((ulong)address >> 32)),
            new(Return, 0, 0, RefuseWithEperm), new(Return, 0, 0, Allow),
        };
        var filter = new Filter { Length = 8, Program = program };
        Assert.Equal(0, Prctl(NoNewPrivileges, 1, 0, 0, 0));
        Assert.Equal(0, Prctl(SetSeccomp, FilterMode, (nuint)(&filter), 0, 0));
    }

    [DllImport("libc", EntryPoint = "munmap")]
    public static extern int Unmap(nint address, nuint length);

    [DllImport("libc", EntryPoint = "prctl")]
    private static extern int Prctl(int option, nuint two, nuint three, nuint four, nuint five);

    // struct sock_filter and struct sock_fprog of linux/filter.h.
    private readonly record struct Instruction(ushort Code, byte IfTrue, byte IfFalse, uint Operand);

    private unsafe struct Filter
    {
        public ushort Length;
        public Instruction* Program;
    }
}
