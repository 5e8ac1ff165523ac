// SPDX-License-Identifier: GPL-3.0-or-later
//
// The phone's memory at one moment of a boot: which copies of which secrets are in it, and whose.

using System.Globalization;
using EmulatedPhone;

namespace Boot.Tests;

/// <summary>A copy of a secret in the phone's memory.</summary>
/// <param name="Secret">Its name.</param>
/// <param name="IsWide">As UTF-16.</param>
/// <param name="IsWhole">False: a piece of it.</param>
/// <param name="Owner">Whose the memory is, or was.</param>
/// <param name="IsAgents">The agent has it, or had it before.</param>
/// <param name="IsLocked">It is mapped, and locked wherever it is.</param>
internal sealed record Leak(string Secret, bool IsWide, bool IsWhole, string Owner, bool IsAgents, bool IsLocked)
{
    public override string ToString() =>
        $"{Secret}{(IsWhole ? "" : ", a piece")}{(IsWide ? ", UTF-16" : "")}: {Owner}";
}

/// <summary>Looks at the phone's memory again and again.</summary>
/// <param name="phone">Its shell must answer.</param>
/// <param name="secrets">What is searched for.</param>
/// <param name="control">What is always there, since the kernel says it: were it not found, nothing would be.</param>
/// <param name="trail">What else is searched for; null: nothing.</param>
internal sealed class LeakScene(Phone phone, IReadOnlyList<Secret> secrets, Secret control, Trail? trail = null)
{
    private const string Agent = "unlock-agent";
    private readonly Dictionary<string, PageSet> known = [];

    /// <summary>Keeps in mind which pages a program has now: what is found there later was its.</summary>
    public void Remember(params IEnumerable<string> programs)
    {
        foreach (string program in programs)
        {
            known.TryAdd(program, new PageSet());
            phone.AddPagesOf(program, known[program]);
            Assert.NotEqual(0, known[program].Count);
        }
    }

    /// <summary>Every copy that there is now.</summary>
    /// <param name="when">For a failure's message.</param>
    public IReadOnlyList<Leak> Look(string when)
    {
        using MemoryDump dump = phone.DumpMemory();
        IReadOnlyList<SecretCopy> copies = dump.Find([.. secrets, control]);
        Assert.True(copies.Any(copy => copy.Secret == control.Name && copy.IsWhole), $"not even \"{control.Name}\" is found ({when})");
        copies = [.. copies.Where(copy => copy.Secret != control.Name), .. trail is null ? [] : dump.Find(trail)];
        if (copies.Count == 0)
        {
            return [];
        }

        IReadOnlyDictionary<long, PageOwner> owners = phone.OwnersOf([.. copies.Select(copy => copy.Found).Distinct()]);
        return [.. copies.Select(copy => Describe(copy, owners[copy.Found]))];
    }

    private Leak Describe(SecretCopy copy, PageOwner owner)
    {
        string[] former = [.. known.Where(pages => pages.Value.Contains(copy.Found)).Select(pages => pages.Key)];
        string description = owner.Mappings.Count > 0 ? string.Join("; ", owner.Mappings)
            : former.Length > 0 ? $"given back by {string.Join(" or ", former)}"
            : owner.Kind switch
            {
                "free" => "free page",
                "slab" => "the kernel's slabs, in use or not",
                "file" => "a file in memory",
                _ => "the kernel, or a free page kept at hand",
            };
        return new Leak(
            copy.Secret,
            copy.IsWide,
            copy.IsWhole,
            description,
            owner.Mappings.Any(mapping => mapping.StartsWith(Agent + " ", StringComparison.Ordinal)) || former.Contains(Agent),
            owner.Mappings.Count > 0 && owner.Mappings.All(mapping => mapping.Contains(" locked ", StringComparison.Ordinal)));
    }

    /// <summary>For a table: whole copies, pieces, copies as UTF-16; "0" where there is nothing.</summary>
    public static string Count(IEnumerable<Leak> leaks, string secret)
    {
        Leak[] those = [.. leaks.Where(leak => leak.Secret == secret)];
        string Part(int count, string format) => count == 0 ? "" : string.Format(CultureInfo.InvariantCulture, format, count);
        string text = Part(those.Count(leak => leak is { IsWhole: true, IsWide: false }), "{0}")
            + Part(those.Count(leak => leak is { IsWhole: false, IsWide: false }), " + {0} in pieces")
            + Part(those.Count(leak => leak.IsWide), " + {0} as UTF-16");
        return text.Length == 0 ? "0" : text.TrimStart(' ', '+');
    }
}
