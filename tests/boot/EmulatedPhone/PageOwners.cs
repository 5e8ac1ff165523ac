// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whose a page of the guest's physical memory is: asked of its kernel by tests/boot/page-owner, which runs in the guest.

using System.Globalization;

namespace EmulatedPhone;

/// <summary>Whose a page is.</summary>
/// <param name="Kind">"free", "slab", "file" (its cache), "anonymous", or "other": the kernel's own, or free and kept at hand by a processor.</param>
/// <param name="Mappings">For each mapping of it: the program, "locked" or "unlocked", the mapping's name.</param>
public sealed record PageOwner(string Kind, IReadOnlyList<string> Mappings);

/// <summary>Pages of physical memory.</summary>
public sealed class PageSet
{
    private const int PageLength = 4096;
    private readonly List<(long First, long Last)> ranges = [];

    /// <summary>Whether a physical address is in one of them.</summary>
    public bool Contains(long address) => ranges.Exists(range => range.First <= address / PageLength && address / PageLength <= range.Last);

    /// <summary>How many ranges there are; 0: no page at all.</summary>
    public int Count => ranges.Count;

    /// <summary>Adds ranges of page numbers in hexadecimal, FIRST-LAST in each line.</summary>
    internal void Add(string lines)
    {
        foreach (string line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            long[] range = [.. line.Split('-').Select(number => long.Parse(number, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
            ranges.Add((range[0], range[1]));
        }
    }
}

public sealed partial class Phone
{
    // Where programs may be, and which outlives the initramfs: /run is mounted noexec.
    private const string PageOwnerPath = "/dev/page-owner";

    // Beside the opened root (see GuestShell) not even the loader of programs is where the kernel looks for it.
    private const string InRoot = "/../lib64/ld-linux-x86-64.so.2 --library-path /../lib/x86_64-linux-gnu /../bin/busybox chroot /..";

    /// <summary>Puts the program that the others of these ask into the guest.</summary>
    public void SendPageOwner() => SendFile(PageOwnerPath, GuestProgram.Compile("page-owner"));

    /// <summary>Whose the pages at these physical addresses are now.</summary>
    /// <param name="addresses">1 to 512.</param>
    public IReadOnlyDictionary<long, PageOwner> OwnersOf(IReadOnlyCollection<long> addresses)
    {
        string output = RunPageOwner(string.Join(' ', addresses.Select(address => $"{address:x}")));
        var owners = new Dictionary<long, PageOwner>();
        foreach (string line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = line.Split(" | ");
            owners[Convert.ToInt64(parts[0].Split(' ')[0], 16)] = new PageOwner(parts[0].Split(' ')[1], parts[1..]);
        }

        return owners;
    }

    /// <summary>Adds what the processes of a program have of memory for themselves now.</summary>
    public void AddPagesOf(string program, PageSet pages) => pages.Add(RunPageOwner("-p " + program));

    private string RunPageOwner(string arguments)
    {
        string command = $"{PageOwnerPath} {arguments}";
        GuestResult result = RunInGuest($"if [ -e {PageOwnerPath} ]; then {command}; else {InRoot} {command}; fi", StepTimeout);
        return result.Status == 0 ? result.Output : throw Failure($"{PageOwnerPath} does not run in the guest: {result.Output}");
    }
}
