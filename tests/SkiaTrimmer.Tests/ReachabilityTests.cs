// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the agent reaches in the real library, on either processor: two compilers' outputs of one source, read by two different readers, and
// binutils' disassembler have to agree about it.

using System.Globalization;
using System.Text.RegularExpressions;
using EmulatedPhone;

namespace SkiaTrimmer.Tests;

public sealed partial class ReachabilityTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>
    /// Each function and each piece of data is there because something refers to it. If a kind of reference were not seen, its targets
    /// would be here: these are gcc's unwinder, whose archive members come whole, and what a dynamic section names.
    /// </summary>
    [Theory]
    [MemberData(nameof(Libraries.Machines), MemberType = typeof(Libraries))]
    public void A_reference_is_seen_to_everything_else(string machine)
    {
        var reachability = new Reachability(new ElfImage(File.ReadAllBytes(Libraries.Whole(machine))));

        Assert.All(reachability.Unreferenced, part => Assert.Matches(
            "^(_init|_fini|_Unwind_[A-Za-z_]+|__(de)?register_frame(_info)?(_bases|_table)?|__frame_state_for|_ZNSt3__19basic_iosIcNS_11char_traitsIcEEED0Ev)$",
            part.Name));
        Assert.InRange(reachability.Unreferenced.Count, 20, 30);
        Assert.InRange(reachability.Functions.Count(), 20000, 30000);
    }

    [Theory]
    [MemberData(nameof(Libraries.Machines), MemberType = typeof(Libraries))]
    public void About_half_of_the_functions_are_used(string machine)
    {
        var functions = Libraries.ReachedByAgent(machine).Functions.ToArray();

        Assert.InRange(functions.Count(function => function.IsUsed), 0.3 * functions.Length, 0.6 * functions.Length);
        Assert.Contains(functions, function => function is { IsUsed: true } && function.Name.StartsWith("_ZN6SkScan", StringComparison.Ordinal));
        Assert.Contains(functions, function => function is { IsUsed: false } && function.Name.StartsWith("_ZN7skottie", StringComparison.Ordinal));
    }

    /// <summary>
    /// A function that both have and only one reaches is inlined in the other, lies behind what may be an index there, or was missed: some
    /// hundred of eight thousand.
    /// </summary>
    [Fact]
    public void Either_processor_reaches_the_same_functions()
    {
        var (here, there) = (ByName("amd64"), ByName("arm64"));
        string[] common = [.. here.Keys.Intersect(there.Keys)];
        string[] different = [.. common.Where(name => here[name] != there[name])];

        Assert.InRange(common.Count(name => here[name] && there[name]), 6000, 12000);
        Assert.True(different.Length < 300, string.Join('\n', different));
    }

    /// <summary>Functions that only refer to each other would each have a reference, and be lost together.</summary>
    [Theory]
    [MemberData(nameof(Libraries.Machines), MemberType = typeof(Libraries))]
    public void Whoever_calls_all_that_is_exported_needs_everything(string machine)
    {
        var image = new ElfImage(File.ReadAllBytes(Libraries.Whole(machine)));
        var reachability = new Reachability(image);
        int exports = image.DynamicSymbols.Count(symbol => !symbol.IsUndefined && reachability.TryUse(symbol.Name));

        Assert.InRange(exports, 900, 5000);
        Assert.Empty(reachability.Functions.Where(function => !function.IsUsed).Select(function => function.Name));
    }

    /// <summary>What binutils' disassembler sees a used function refer to is used too.</summary>
    [Theory]
    [InlineData("amd64", "objdump")]
    [InlineData("arm64", "aarch64-linux-gnu-objdump")]
    public void Another_disassembler_finds_no_way_to_what_is_unused(string machine, string objdump)
    {
        var functions = Libraries.ReachedByAgent(machine).Functions.ToArray();
        ulong[] starts = [.. functions.Select(function => function.Start)];
        Part? At(ulong address)
        {
            int index = Array.BinarySearch(starts, address);
            index = index < 0 ? ~index - 1 : index;
            return index >= 0 && address < functions[index].End ? functions[index] : null;
        }

        string listing = HostCommand.Run([objdump, "-d", "--no-show-raw-insn", "-j", ".text", Libraries.Whole(machine)], Patience);
        int checkedReferences = 0;
        var pages = new Dictionary<string, ulong>();
        foreach (var line in listing.AsSpan().EnumerateLines())
        {
            if (Instruction().Match(line.ToString()) is not { Success: true } match || At(Number(match.Groups["at"])) is not { IsUsed: true } from)
            {
                continue;
            }

            string name = match.Groups["name"].Value, rest = match.Groups["rest"].Value;
            if (name == "adrp" && Page().Match(rest) is { Success: true } page)
            {
                pages[page.Groups[1].Value] = Number(page.Groups[2]);
            }
            else if (TargetOf(name, rest, pages) is { } address && At(address) is { } target)
            {
                checkedReferences++;
                Assert.True(target.IsUsed, $"{from.Name} at {match.Groups["at"].Value} refers to {target.Name}");
            }
        }

        Assert.InRange(checkedReferences, 100000, int.MaxValue);
    }

    // An address in the line itself, or one that is added to the page which the register got last.
    private static ulong? TargetOf(string name, string rest, Dictionary<string, ulong> pages)
    {
        if (name == "add" && Added().Match(rest) is { Success: true } added)
        {
            return pages.TryGetValue(added.Groups[1].Value, out ulong page) ? page + Number(added.Groups[2]) : null;
        }

        return name != "adrp" && Target().Match(rest) is { Success: true } target ? Number(target.Groups[1]) : null;
    }

    private static Dictionary<string, bool> ByName(string machine) =>
        Libraries.ReachedByAgent(machine).Functions.GroupBy(function => function.Name)
            .ToDictionary(group => group.Key, group => group.Any(function => function.IsUsed));

    private static ulong Number(Group group) => ulong.Parse(group.Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    // "  200571:	lea    0x769780(%rip),%rdi        # 969cf8 <…>", "  2005a0:	bnd jmp 2005b0 <…>", "  299fe0:	adrp	x8, 73000 <…>".
    [GeneratedRegex(@"^\s+(?<at>[0-9a-f]+):\t(?<name>\S+)\s*(?<rest>.*)$")]
    private static partial Regex Instruction();

    [GeneratedRegex("([0-9a-f]+) <")]
    private static partial Regex Target();

    [GeneratedRegex("^(x[0-9]+), ([0-9a-f]+)")]
    private static partial Regex Page();

    [GeneratedRegex("^x[0-9]+, (x[0-9]+), #0x([0-9a-f]+)$")]
    private static partial Regex Added();
}
