// SPDX-License-Identifier: GPL-3.0-or-later
// Holds a Native/ folder against the real C headers: every struct (size, each field's offset and size), every constant
// and every request function it has, found by reflection, becomes a _Static_assert that the compilers for this machine and for arm64 must accept.

using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace NativeLayout;

/// <summary>Writes the assertions and has cc judge them.</summary>
internal static class CHeaders
{
    private const BindingFlags All = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic
        | BindingFlags.DeclaredOnly;

    // Headers that are the same for every processor are not there a second time; they are looked for last.
    private static readonly string[] compilers = ["cc", "aarch64-linux-gnu-gcc -idirafter /usr/include"];

    /// <summary>
    /// The structs of a namespace that stand for C structs; parts of them (inline arrays) are checked as fields.
    /// </summary>
    internal static IReadOnlyList<Type> Structs(Assembly assembly, string nativeNamespace) =>
        [.. assembly.GetTypes().Where(t => t.Namespace == nativeNamespace && t.IsValueType && !t.IsEnum
            && t.GetCustomAttribute<InlineArrayAttribute>() is null)];

    /// <summary>One assertion per fact that the namespace states.</summary>
    internal static IReadOnlyList<string> Assertions(Assembly assembly, string nativeNamespace)
    {
        Type[] types = [.. assembly.GetTypes().Where(t => t.Namespace == nativeNamespace && !t.IsNested && !IsGenerated(t))];
        IEnumerable<string> structs = Structs(assembly, nativeNamespace).SelectMany(OfStruct);
        return [.. structs, .. types.SelectMany(OfConstants), .. types.SelectMany(OfRequests)];
    }

    /// <summary>Compiles the assertions for each processor; returns what the compilers say, empty when all hold.</summary>
    internal static string Judge(IEnumerable<string> headers, IEnumerable<string> assertions)
    {
        var source = new StringBuilder("#define _GNU_SOURCE\n#include <stddef.h>\n");
        foreach (string header in headers)
        {
            source.Append("#include <").Append(header).Append(">\n");
        }

        foreach (string assertion in assertions)
        {
            source.Append("_Static_assert(").Append(assertion).Append(", \"\");\n");
        }

        return string.Concat(compilers.Select(compiler => Run($"{compiler} -fsyntax-only", source.ToString()) is (not 0, var output) ? output : ""));
    }

    /// <summary>The macros that headers define, by name, as written.</summary>
    internal static IReadOnlyDictionary<string, string> Macros(string header) =>
        Run("cc -E -dM", $"#include <{header}>\n").Output.Split('\n')
            .Select(line => line.Split(' ', 3))
            .Where(parts => parts is ["#define", _, _])
            .ToDictionary(parts => parts[1], parts => parts[2].Split("/*")[0].Trim());

    private static IEnumerable<string> OfStruct(Type type)
    {
        yield return $"sizeof(struct {type.Name}) == {Size(type)}";
        foreach (FieldInfo field in type.GetFields(All))
        {
            yield return $"offsetof(struct {type.Name}, {field.Name}) == {Marshal.OffsetOf(type, field.Name)}";
            yield return $"sizeof(((struct {type.Name} *)0)->{field.Name}) == {Size(field.FieldType)}";
        }
    }

    private static IEnumerable<string> OfConstants(Type type) => type.GetFields(All)
        .Where(field => field.IsLiteral && !field.IsPrivate)
        .Select(field => $"{field.Name} == {field.GetRawConstantValue()}");

    private static IEnumerable<string> OfRequests(Type type) => type.GetMethods(All)
        .Where(method => method.IsAssembly && method.Name.Length > 3 && method.Name.All(c => char.IsAsciiLetterUpper(c)))
        .Select(method =>
        {
            object[] arguments = [.. method.GetParameters().Select((_, i) => (object)(3 + i))];
            return $"{method.Name}({string.Join(", ", arguments)}) == {method.Invoke(null, arguments)}u";
        });

    private static bool IsGenerated(Type type) => type.GetCustomAttribute<CompilerGeneratedAttribute>() is not null;

    private static int Size(Type type) =>
        (int)typeof(CHeaders).GetMethod(nameof(SizeOf), All)!.MakeGenericMethod(type).Invoke(null, null)!;

    private static int SizeOf<T>() => Unsafe.SizeOf<T>();

    private static (int ExitCode, string Output) Run(string command, string source)
    {
        // Errors join the output, so that one pipe is read and none can fill up.
        var start = new ProcessStartInfo("sh", ["-c", command + " -xc - 2>&1"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using Process compiler = Process.Start(start)!;
        compiler.StandardInput.Write(source);
        compiler.StandardInput.Close();
        string output = compiler.StandardOutput.ReadToEnd();
        compiler.WaitForExit();
        return (compiler.ExitCode, output);
    }
}
