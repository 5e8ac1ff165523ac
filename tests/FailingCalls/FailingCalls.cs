// SPDX-License-Identifier: GPL-3.0-or-later
// Has native calls of the assembly under test fail, one name at a time and on the test's own thread only: every import goes through
// a library that passes calls on until it is told otherwise. Compiled into the programs of tests that need it.
using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace FailingCalls;

internal static unsafe class Calls
{
    [ThreadStatic]
    private static Func<uint, nint, int>? answer;

    private static Dictionary<string, nint> libraries = [];

    /// <summary>Every native call that an assembly declares, as Class.Name(parameters' types).</summary>
    public static IEnumerable<string> Imports(Assembly assembly) => Methods(assembly)
        .Select(one => $"{one.Method.DeclaringType!.Name}.{one.Method.Name}({string.Join(',', one.Method.GetParameters().Select(parameter => parameter.ParameterType.Name))})");

    /// <summary>Puts the library between an assembly and those that it calls; before its first call.</summary>
    public static void Attach(Assembly assembly)
    {
        libraries = Methods(assembly).Select(method => method.Import.LibraryName).Distinct().ToDictionary(name => name, name => Compile(assembly, name));
        NativeLibrary.SetDllImportResolver(assembly, (name, _, _) => libraries.GetValueOrDefault(name));
    }

    /// <summary>Runs something while calls of one name fail.</summary>
    /// <param name="name">C's name, of libc.</param>
    /// <param name="errno">What they fail with.</param>
    /// <param name="run">It must make such a call.</param>
    /// <param name="result">What they return.</param>
    /// <param name="first">How many are let through before.</param>
    /// <param name="of">The library that it belongs to.</param>
    public static void Fail(string name, int errno, Action run, nint result = -1, int first = 0, string of = "libc")
    {
        var fail = (delegate* unmanaged<byte*, nint, int, int, void>)NativeLibrary.GetExport(libraries[of], "fail_calls");
        var failed = (delegate* unmanaged<int>)NativeLibrary.GetExport(libraries[of], "failed_calls");
        byte* which = (byte*)Marshal.StringToCoTaskMemUTF8(name);
        try
        {
            fail(which, result, errno, first);
            run();
            Assert.True(failed() > 0, $"{name} was not called.");
        }
        finally
        {
            fail(null, 0, 0, 0);
            Marshal.FreeCoTaskMem((nint)which);
        }
    }

    /// <summary>Runs something while ioctl(2) is answered here.</summary>
    /// <param name="request">Gets the request and the argument; returns the result, or minus errno.</param>
    /// <param name="run">What makes the calls.</param>
    public static void Answer(Func<uint, nint, int> request, Action run)
    {
        AnswerFromHereOn(request);
        try
        {
            run();
        }
        finally
        {
            AnswerIoctl(null);
            answer = null;
        }
    }

    /// <summary>The same for all that this thread still does.</summary>
    public static void AnswerFromHereOn(Func<uint, nint, int> request)
    {
        answer = request;
        AnswerIoctl(&Ioctl);
    }

    private static void AnswerIoctl(delegate* unmanaged<nint, nint, nint, nint> with) =>
        ((delegate* unmanaged<delegate* unmanaged<nint, nint, nint, nint>, void>)NativeLibrary.GetExport(libraries["libc"], "answer_ioctl"))(with);

    [UnmanagedCallersOnly]
    private static nint Ioctl(nint descriptor, nint request, nint argument)
    {
        int result = answer!((uint)request, argument);
        if (result < 0)
        {
            Marshal.SetLastSystemError(-result);
        }

        return result < 0 ? -1 : result;
    }

    private static IEnumerable<(MethodInfo Method, LibraryImportAttribute Import)> Methods(Assembly assembly) => assembly.GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
        .Select(method => (method, method.GetCustomAttribute<LibraryImportAttribute>()!))
        .Where(one => one.Item2 is not null);

    private static nint Compile(Assembly assembly, string name)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "failing-calls");
        Directory.CreateDirectory(folder);
        string file = Path.Combine(folder, $"{name}.{Environment.ProcessId}.so");
        IEnumerable<string> calls = Methods(assembly)
            .Where(one => one.Import.LibraryName == name)
            .Select(one => one.Import.EntryPoint ?? one.Method.Name)
            .Distinct();
        string real = name == "libc" ? "0" : $"\"{name}\"";
        using Process gcc = Process.Start("gcc",
        [
            "-shared", "-fPIC", "-O1", "-w", "-fno-builtin", $"-DLIBRARY={real}", $"-DCALLS={string.Concat(calls.Select(call => $"CALL({call}) "))}", "-o", file,
            Path.Combine(AppContext.BaseDirectory, "failing-calls.c"), "-ldl",
        ]);
        gcc.WaitForExit();
        Assert.Equal(0, gcc.ExitCode);
        nint loaded = NativeLibrary.Load(file);
        File.Delete(file);
        return loaded;
    }
}
