// SPDX-License-Identifier: GPL-3.0-or-later
// One cell of the matrix: which card, at which moment, what breaks, and how it is mended.

using HostPhone;

namespace Faults.Tests;

/// <summary>A moment of an unlock.</summary>
internal enum Moment
{
    /// <summary>Before the agent starts.</summary>
    Before,

    /// <summary>Just started.</summary>
    Start,

    /// <summary>At a command of the agent's look at the card, before the PIN pad.</summary>
    Look,

    /// <summary>At the PIN pad, nothing typed.</summary>
    Pad,

    /// <summary>The PIN is typed and not confirmed.</summary>
    Typed,

    /// <summary>At a command after the confirmed PIN.</summary>
    Unlock,

    /// <summary>The key is handed over and the agent has ended.</summary>
    After,
}

/// <summary>A moment, and for commands which one, from 1.</summary>
internal readonly record struct Stage(Moment Moment, int Command = 0)
{
    public override string ToString() => Moment switch
    {
        Moment.Before => "before start",
        Moment.Start => "just started",
        Moment.Look => $"look, command {Command}",
        Moment.Pad => "at the pad",
        Moment.Typed => "PIN typed",
        Moment.Unlock => $"unlock, command {Command}",
        _ => "after",
    };
}

/// <summary>How the disk is opened after the fault.</summary>
internal enum Recovery
{
    Card,
    Passphrase,
}

/// <summary>One cell.</summary>
/// <param name="Group">What kind of thing breaks.</param>
/// <param name="Profile">The card.</param>
/// <param name="Stage">When it breaks.</param>
/// <param name="Fault">What breaks, in words that are unique there.</param>
/// <param name="Break">Breaks it; called once at the stage, for commands before the command is sent.</param>
internal sealed record Cell(string Group, Profile Profile, Stage Stage, string Fault, Action<CellRun> Break)
{
    public const string WrongPin = "654321";

    public string Name => $"{Group} / {Profile.Name} / {Stage} / {Fault}";

    /// <summary>What a person or the house does when they have seen what came of it: puts the card in again, starts the service.</summary>
    public Action<CellRun> Mend { get; init; } = static _ => { };

    /// <summary>Nothing can be typed before it is mended.</summary>
    public bool IsMendedFirst { get; init; }

    /// <summary>How the agent is started.</summary>
    public Func<AgentOptions, AgentOptions> Options { get; init; } = static options => options;

    /// <summary>The PIN that is typed.</summary>
    public string Pin { get; init; } = CardKeys.Pin;

    /// <summary>How the disk is opened then.</summary>
    public Recovery Recovery { get; init; }

    /// <summary>The longest wait for a screen or an end.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(12);

    /// <summary>Runs in the whole matrix only.</summary>
    public bool IsLong { get; init; }

    /// <summary>The service is this cell's own and is thrown away afterwards.</summary>
    public bool OwnsService { get; init; }

    /// <summary>libpcsclite goes through a relay to the service.</summary>
    public bool IsRelayed { get; init; }

    /// <summary>The agent may end by itself without a key and with another status than 0 where it was not killed.</summary>
    public bool MayGiveUp { get; init; }

    /// <summary>Takes turns, so that every kind of fault is recovered from either way.</summary>
    public static Recovery Turn(int number) => number % 2 == 0 ? Recovery.Card : Recovery.Passphrase;
}
