// SPDX-License-Identifier: GPL-3.0-or-later
// A careless change of a security decision. All of them stand in one copy of the sources, and an environment variable says which one is
// made; so the copy is compiled once.
namespace Mutants.Tests;

/// <summary>What the decision is about.</summary>
public enum Decision
{
    /// <summary>No byte of plaintext before its integrity is checked.</summary>
    Integrity,

    /// <summary>No PIN try but those that the person confirmed, and none without the person knowing the risk.</summary>
    Pin,

    /// <summary>No secret stays where it is of no more use.</summary>
    Wipe,

    /// <summary>No way into a disk goes before another one is proved, and none comes unseen.</summary>
    WayIn,
}

/// <summary>A mutant.</summary>
/// <param name="Decision">What it is about.</param>
/// <param name="File">The source file, from src on.</param>
/// <param name="Original">The text as it stands there, once.</param>
/// <param name="Changed">What stands there instead; <see cref="IsOn"/> in it is true when this mutant is the one.</param>
/// <param name="Killers">The classes, or methods, of tests of which one must fail, with blanks between them.</param>
/// <param name="Harm">What it would do.</param>
public sealed record Mutant(Decision Decision, string File, string Original, string Changed, string Killers, string Harm)
{
    /// <summary>Stands for the question whether the mutant is on.</summary>
    public const string IsOn = "$on";

    /// <summary>Another expression in its place.</summary>
    public static Mutant Swap(Decision decision, string file, string original, string changed, string killers, string harm) =>
        new(decision, file, original, $"({IsOn} ? ({changed}) : ({original}))", killers, harm);

    /// <summary>Statements that are left out.</summary>
    public static Mutant Skip(Decision decision, string file, string original, string killers, string harm) =>
        new(decision, file, original, $"if (!{IsOn}) {{ {original} }}", killers, harm);

    /// <summary>A block that is not gone into: the condition of an if, which is false then.</summary>
    public static Mutant Ignore(Decision decision, string file, string condition, string killers, string harm) =>
        new(decision, file, $"if ({condition})", $"if (!{IsOn} && ({condition}))", killers, harm);

    /// <summary>The part of src that it is in.</summary>
    public string Project => File[..File.IndexOf('/', StringComparison.Ordinal)];

    /// <summary>The program of tests that the killers are in.</summary>
    public string TestProject => Project + ".Tests";
}
