// SPDX-License-Identifier: GPL-3.0-or-later
// Every native struct and constant against the C headers: a C file of static assertions, compiled here and now, for this machine and for arm64.

using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using CardUnlock.Native;

namespace CardUnlock.Tests;

public sealed class NativeLayoutTests
{
    private static readonly Dictionary<Type, string> Structs = new()
    {
        [typeof(SCARD_IO_REQUEST)] = "SCARD_IO_REQUEST",
        [typeof(SCARD_READERSTATE)] = "SCARD_READERSTATE",
    };

    // Inline arrays are members of the structs above; safe handles have no layout.
    private static readonly Type[] NotInC = [typeof(AtrBytes)];

    [Fact]
    public void Structs_and_constants_are_those_of_the_headers()
    {
        List<string> lines =
        [
            "#define _GNU_SOURCE", "#include <stddef.h>", "#include <sys/mman.h>", "#include <winscard.h>",
            "_Static_assert(sizeof(DWORD) == sizeof(void*), \"DWORD\");",
            "_Static_assert(sizeof(LONG) == sizeof(void*), \"LONG\");",
            "_Static_assert(sizeof(SCARDCONTEXT) == sizeof(void*) && sizeof(SCARDHANDLE) == sizeof(void*), \"handles\");",
        ];
        foreach (Type type in NativeStructs())
        {
            Assert.True(Structs.ContainsKey(type), $"{type.Name} is not checked against C");
            AddStruct(lines, type, Structs[type]);
        }

        AddConstants(lines, typeof(PcscLite), "PCSCLITE_MAX_READERS_CONTEXTS");
        AddConstants(lines, typeof(Libc), "");
        lines.Add("_Static_assert(MAP_FAILED == (void*)-1, \"MAP_FAILED\");");
        Compile(lines);
    }

    [Fact]
    public void Wrong_layout_does_not_compile() =>
        Assert.Throws<InvalidOperationException>(
            () => Compile(["#include <winscard.h>", "_Static_assert(sizeof(SCARD_IO_REQUEST) == 8, \"size\");"]));

    private static IEnumerable<Type> NativeStructs() => typeof(Libc).Assembly.GetTypes().Where(
        type => type.Namespace == "CardUnlock.Native" && type.IsValueType && !type.IsEnum && !type.IsNested && !NotInC.Contains(type));

    private static void AddStruct(List<string> lines, Type type, string name)
    {
        lines.Add($"_Static_assert(sizeof({name}) == {SizeOf(type)}, \"{name}\");");
        foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.Public))
        {
            lines.Add($"_Static_assert(offsetof({name}, {field.Name}) == {OffsetOf(type, field)}, \"{name}.{field.Name}\");");
        }
    }

    private static void AddConstants(List<string> lines, Type type, string alwaysIncluded)
    {
        int before = lines.Count;
        foreach (FieldInfo field in type.GetFields(BindingFlags.Static | BindingFlags.Public).Where(field => field.IsLiteral))
        {
            if (field.GetRawConstantValue() is not string)
            {
                lines.Add($"_Static_assert((unsigned int){field.Name} == {field.GetRawConstantValue()}u, \"{field.Name}\");");
            }
        }

        Assert.True(lines.Count > before, alwaysIncluded);
    }

    private static int SizeOf(Type type) =>
        (int)typeof(Unsafe).GetMethod("SizeOf")!.MakeGenericMethod(type).Invoke(null, null)!;

    // Blittable and sequential: the marshaller's offset is the managed one.
    private static long OffsetOf(Type type, FieldInfo field) => System.Runtime.InteropServices.Marshal.OffsetOf(type, field.Name);

    private static void Compile(List<string> lines)
    {
        Compile("cc", lines);
        Compile("aarch64-linux-gnu-gcc", lines);
    }

    private static void Compile(string compiler, List<string> lines)
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllLines(file, lines);
            using Process cc = Process.Start(new ProcessStartInfo(
                compiler, ["-x", "c", "-std=c11", "-fsyntax-only", "-I/usr/include/PCSC", file]) { RedirectStandardError = true })!;
            string errors = cc.StandardError.ReadToEnd();
            cc.WaitForExit();
            if (cc.ExitCode != 0)
            {
                throw new InvalidOperationException(errors);
            }
        }
        finally
        {
            File.Delete(file);
        }
    }
}
