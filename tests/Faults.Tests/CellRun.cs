// SPDX-License-Identifier: GPL-3.0-or-later
// Runs one cell: an agent comes to the stage, something breaks, what stands on the screen is looked at, it is mended, and the disk is
// opened. What must hold in every cell, whatever the table says of it, is held here.

using System.Diagnostics;
using System.Globalization;
using System.Text;
using CardSimulator;
using HostPhone;
using UnlockAgent.Machine;

namespace Faults.Tests;

/// <summary>One run of one cell.</summary>
internal sealed class CellRun : IDisposable
{
    public const string Passphrase = "tulipriver";

    private const int Killed = 128;
    private static readonly TimeSpan Steady = TimeSpan.FromMilliseconds(Expectations.RecordingSteady);
    private static readonly TimeSpan SteadyWork = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ReadingTime = TimeSpan.FromMilliseconds(650);

    private readonly Cell cell;
    private readonly List<string> problems = [];
    private AgentRun? agent;
    private int confirmed;
    private int grabs;
    private bool isNext;
    private Thread? background;

    public CellRun(Lab lab, Cell cell) => (Lab, this.cell) = (lab, cell);

    public Lab Lab { get; }

    public Phone Phone => Lab.Phone;

    public VirtualCard Card => Lab.Card;

    public int Command => cell.Stage.Command;

    /// <summary>The agent. A card may hear of it before whoever starts it does.</summary>
    public AgentRun Agent => SpinWait.SpinUntil(() => agent is not null, Patience) ? agent!
        : throw new InvalidOperationException("No agent was started.");

    private TimeSpan Patience => cell.Patience;

    /// <summary>What went wrong, a line each.</summary>
    public string Problem => string.Join('\n', problems);

    /// <summary>Runs the cell and says what came of it.</summary>
    public Outcome Execute()
    {
        Lab.Prepare(cell.Profile);
        Outcome? expected = Expectations.IsRecording ? null : Expectations.Find(cell.Name);
        string screen = Reach(expected) ? See(expected) : "no pad";
        string tries = Text(Card.UserTriesLeft);
        string result = screen == "no pad" ? Fail($"the stage was not reached: {Recognise()?.Name ?? Unknown()}") : Recover(screen);
        var outcome = new Outcome(screen, tries, Text(Card.VerifyCount), result);
        Judge(outcome, expected);
        return outcome;
    }

    public void Dispose()
    {
        agent?.Dispose();
        Card.Faults.Clear();
        if (cell.OwnsService || cell.IsRelayed)
        {
            Lab.DropService();
        }
    }

    /// <summary>Does something beside the agent; done before anything is mended.</summary>
    public void InBackground(Action act)
    {
        background = new Thread(() => act());
        background.Start();
    }

    /// <summary>Waits until the agent has taken a touchscreen that came: what is sent before is for nobody.</summary>
    public void AwaitGrab()
    {
        int before = grabs;
        if (!SpinWait.SpinUntil(() => Phone.Control.Grabs > before, Patience))
        {
            Fail("the touchscreen was not taken");
        }
    }

    /// <summary>Waits for a screen.</summary>
    public void AwaitScreen(params Screen[] screens)
    {
        if (Phone.Await(Agent, Patience, screens) is null)
        {
            Fail($"no screen \"{screens[0]}\"");
        }
    }

    /// <summary>A problem that the cell itself sees.</summary>
    public string Fail(string problem)
    {
        problems.Add(problem);
        return "FAILED";
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private AgentRun StartAgent() =>
        Phone.Start(cell.Options(new AgentOptions(Lab.KeyFile, cell.IsRelayed ? Lab.Relay.SocketPath : Lab.Socket)));

    // Comes to the stage and breaks what is to break; false: it never came there.
    private bool Reach(Outcome? expected)
    {
        Moment moment = cell.Stage.Moment;
        if (moment is Moment.Before or Moment.Look)
        {
            cell.Break(this);
        }

        agent = StartAgent();
        if (moment == Moment.Start)
        {
            cell.Break(this);
        }

        if (moment is Moment.Before or Moment.Start or Moment.Look)
        {
            return true;
        }

        if (Phone.Await(Agent, Patience, Screen.Pin(3)) is null)
        {
            // What was broken before the start may keep it from there.
            return cell.MayGiveUp;
        }

        if (moment is Moment.Pad or Moment.Unlock)
        {
            cell.Break(this);
        }

        if (moment != Moment.Pad)
        {
            Phone.Type(Screen.Pin(3), cell.Pin);
        }

        // Also before it is confirmed: the pad of before must not pass for the one after.
        if (moment != Moment.Pad && Phone.Await(Agent, Patience, Screen.Pin(3, cell.Pin.Length)) is null)
        {
            return cell.MayGiveUp;
        }

        if (moment == Moment.Typed)
        {
            cell.Break(this);
        }

        if (moment is Moment.Unlock or Moment.After)
        {
            Confirm(Screen.Pin(3));
        }

        if (moment == Moment.After)
        {
            Agent.AwaitEnd(Patience);
            cell.Break(this);
        }

        return true;
    }

    private void Confirm(Screen on)
    {
        confirmed++;
        Phone.Confirm(on);
    }

    // The screen after the fault, or how the agent ended.
    private string See(Outcome? expected)
    {
        if (expected is null)
        {
            return SeeAny();
        }

        string[] names = expected.Screen.Split('|');
        Screen[] screens = [.. names.Select(Known.Find).OfType<Screen>()];
        if (screens.Length > 0 && Phone.Await(Agent, Patience, screens) is { } seen && !HasEnded())
        {
            return seen.Name;
        }

        return Agent.AwaitEnd(screens.Length > 0 ? TimeSpan.Zero : Patience) ? Ended() : Recognise()?.Name ?? Unknown();
    }

    // Whoever showed the screen may have ended right after it.
    private bool HasEnded() => Agent.HasExited;

    private string SeeAny()
    {
        long start = Stopwatch.GetTimestamp();
        long since = start;
        Screen? last = null;
        while (Stopwatch.GetElapsedTime(start) < Patience)
        {
            if (Agent.HasExited)
            {
                Agent.AwaitEnd(Patience);
                return Ended();
            }

            Screen? now = Recognise();
            if (now?.Name != last?.Name)
            {
                (last, since) = (now, Stopwatch.GetTimestamp());
            }

            if (now is not null && Stopwatch.GetElapsedTime(since) > (Known.IsPassing(now) ? SteadyWork : Steady))
            {
                return now.Name;
            }

            Thread.Sleep(20);
        }

        return Unknown();
    }

    private Screen? Recognise()
    {
        byte[] pixels = Phone.Pixels();
        return Known.All.FirstOrDefault(screen => pixels.AsSpan().SequenceEqual(screen.Draw(Phone.Width, Phone.Height)))
            ?? Words().SelectMany(_ => Screens(), (word, below) => Known.Error(below, word))
                .FirstOrDefault(screen => pixels.AsSpan().SequenceEqual(screen.Draw(Phone.Width, Phone.Height)));
    }

    private static Screen[] Screens() => [Screen.Pin(3), Screen.Pin(2), Screen.Pin(null), Screen.Verified, Screen.Unusable, Screen.InsertCard];

    // Which word a card's error names is in the log of the card.
    private IEnumerable<ushort> Words() => Card.Log.Select(command => command.Status).Append((ushort)0).Distinct();

    private string Unknown()
    {
        string folder = Directory.CreateDirectory(Path.Combine(Checkout.Root, "out", "faults", "screens")).FullName;
        string name = string.Concat(cell.Name.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-'));
        Phone.Photograph(Path.Combine(folder, name + ".ppm"));
        return "unknown screen";
    }

    private string Ended() => $"ended {Agent.ExitCode}";

    private string Recover(string screen)
    {
        background?.Join();
        if (Agent.HasExited)
        {
            return RecoverFromEnd();
        }

        grabs = Phone.Control.Grabs;
        if (cell.Recovery == Recovery.Passphrase && !cell.IsMendedFirst)
        {
            // The passphrase needs nothing mended.
            return OpenByPassphrase(screen);
        }

        cell.Mend(this);
        return cell.Recovery == Recovery.Passphrase ? OpenByPassphrase(screen) : OpenByCard();
    }

    private string RecoverFromEnd()
    {
        Agent.AwaitEnd(Patience);
        int status = Agent.ExitCode;
        byte[] output = Agent.Output();
        if (status == 0)
        {
            return output.AsSpan().SequenceEqual(Lab.Keys.Plain) ? "key" : Fail($"the agent ended with 0 and {output.Length} bytes");
        }

        if (output.Length > 0 && !output.AsSpan().SequenceEqual(Lab.Keys.Plain))
        {
            Fail($"the agent ended with {status} and wrote {output.Length} bytes that are no key");
        }

        if (status < Killed && !cell.MayGiveUp)
        {
            Fail($"the agent gave up with {status}");
        }

        cell.Mend(this);
        RestoreConsole();
        Agent.Dispose();
        isNext = true;
        agent = Phone.Start(new AgentOptions(Lab.KeyFile, cell.IsRelayed ? Lab.Relay.SocketPath : Lab.Socket));
        return "next agent: " + OpenByCard();
    }

    /// <summary>Another disk's agent, for the card that is verified: it needs no finger.</summary>
    public void OpenNextVolume()
    {
        using AgentRun next = Phone.Start(new AgentOptions(Lab.KeyFile, Lab.Socket) { Volume = "luks-home" });
        if (!next.AwaitEnd(Patience) || next.ExitCode != 0 || !next.Output().AsSpan().SequenceEqual(Lab.Keys.Plain))
        {
            Fail($"the next disk was not opened: {Recognise()?.Name ?? Unknown()}");
        }
    }

    // Once: the next agent has nothing to give up for.
    private bool GaveUp() => cell.MayGiveUp && !isNext && Agent.ExitCode != 0;

    // As the keyscript does after whatever ends otherwise than with 0.
    private void RestoreConsole()
    {
        using AgentRun restorer = new(Phone, new AgentOptions("", Lab.Socket) { Arguments = ["--restore-console"] });
        if (!restorer.AwaitEnd(Patience) || !Phone.Control.IsConsoleText)
        {
            Fail("the text console did not come back");
        }
    }

    private string OpenByPassphrase(string screen)
    {
        if (Known.Find(screen) is not { } shown)
        {
            return Fail("nothing that is known is shown");
        }

        if (shown.State.Mode != Mode.Passphrase)
        {
            Phone.UsePassphrase(shown);
        }

        if (Phone.Await(Agent, Patience, Screen.Keyboard()) is null)
        {
            return Agent.HasExited ? RecoverFromEnd() : Fail("no keyboard came");
        }

        Phone.Type(Screen.Keyboard(), Passphrase);
        Phone.Await(Agent, Patience, Screen.Keyboard(Passphrase.Length));
        Phone.Confirm(Screen.Keyboard());
        return !Agent.AwaitEnd(Patience) ? Fail("the agent took no passphrase")
            : GaveUp() ? RecoverFromEnd()
            : (Agent.ExitCode, Encoding.ASCII.GetString(Agent.Output())) == (0, Passphrase) ? "passphrase"
            : Fail($"the passphrase came out as {Agent.Output().Length} bytes, status {Agent.ExitCode}");
    }

    private string OpenByCard()
    {
        string how = "key";
        if (Phone.Shows(Screen.Pin(3, CardKeys.Pin.Length)))
        {
            Confirm(Screen.Pin(3));
        }
        else
        {
            TypePin();
        }

        // What broke before may show only now: the person is asked again, and tries again, once.
        if (!Agent.AwaitEnd(Settling) && AwaitPad(Patience) is not null)
        {
            how = "key at the second try";
            TypePin();
        }

        return !Agent.AwaitEnd(Patience) ? Fail($"the card opened nothing: {Recognise()?.Name ?? Unknown()}")
            : GaveUp() ? RecoverFromEnd()
            : Agent.ExitCode == 0 && Agent.Output().AsSpan().SequenceEqual(Lab.Keys.Plain) ? how
            : Fail($"the card gave {Agent.Output().Length} bytes, status {Agent.ExitCode}");
    }

    private Screen? AwaitPad(TimeSpan patience) => Phone.Await(Agent, patience, [.. Known.Pads, .. ErrorPads()]);

    private void TypePin()
    {
        if (AwaitPad(Patience) is not { } pad)
        {
            return;
        }

        if (pad.State.ShowsPinEntry)
        {
            Phone.Type(pad, CardKeys.Pin);
        }

        Confirm(pad);
        if (pad.State.UsableCard is { TriesLeft: null or 1, AlreadyVerified: false })
        {
            // A last try is asked for twice, and not before it was read.
            Thread.Sleep(ReadingTime);
            Phone.Confirm(pad);
        }
    }

    private IEnumerable<Screen> ErrorPads() =>
        Words().SelectMany(_ => (Screen[])[Screen.Pin(3), Screen.Pin(2), Screen.Pin(null), Screen.Verified], (word, pad) => Known.Error(pad, word));

    // What holds in every cell.
    private void Judge(Outcome outcome, Outcome? expected)
    {
        int wrong = cell.Pin == CardKeys.Pin ? 0 : 1;
        if (Card.VerifyCount > confirmed)
        {
            Fail($"{Card.VerifyCount} PINs reached the card, and {confirmed} were confirmed");
        }

        if (Card.UserTriesLeft < 3 - wrong)
        {
            Fail($"{Card.UserTriesLeft} tries are left");
        }

        if (!Agent.HasExited)
        {
            Fail("the agent still runs");
        }
        else if (Phone.Processes() is { Count: > 0 } left)
        {
            Fail($"left over: {string.Join(", ", left)}");
        }

        if (!Expectations.IsRecording && expected is null)
        {
            Fail($"the table has no such cell; it came to {outcome}");
        }

        if (expected is not null && !outcome.Fits(expected))
        {
            Fail($"expected {expected}, was {outcome}");
        }

        if (problems.Count > 0)
        {
            problems.Add(Phone.KernelLog + Agent.Errors + string.Join('\n', Card.Log));
            problems.Add($"in the reader: {Lab.Reader.IsInserted}; commands came in: {Card.CommandCount}; the service: {Lab.Daemon.Output}");
        }
    }
}
