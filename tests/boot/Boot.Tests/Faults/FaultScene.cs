// SPDX-License-Identifier: GPL-3.0-or-later
//
// One boot in which many faults happen one after the other. Each begins and ends at the PIN pad with all tries left and nothing typed; the
// card's own counters say that no try was spent, and a digit that shows and goes again, that the pad still answers.

using System.Diagnostics;
using System.Globalization;
using CardSimulator;
using EmulatedPhone;
using Xunit.Sdk;

namespace Boot.Tests.Faults;

internal sealed class FaultScene : IDisposable
{
    /// <summary>For one screen after a fault.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    /// <summary>For a screen that must stay as it is.</summary>
    public static readonly TimeSpan Moment = TimeSpan.FromSeconds(1.5);

    // What a killed pcscd leaves there makes the next one believe that one runs already.
    private const string StartPcscd = "rm -rf /run/pcscd; /scripts/init-premount/unlock-agent";

    private const string PcscdId = "$(cat /run/unlock-agent/pcscd.pid)";

    private readonly string name;
    private readonly Lab lab;
    private readonly List<string> lines = [], failures = [];

    /// <summary>Boots a phone with its card in the reader, up to the PIN pad.</summary>
    public FaultScene(string name, string suite, Func<PhoneOptions, PhoneOptions>? change = null)
        : this(name, suite, (Lab.WithAgent(suite, "faults-" + name.Replace(' ', '-'), out VirtualCard card, change), card))
    {
    }

    /// <summary>The same with a phone that has just been switched on.</summary>
    public FaultScene(string name, string suite, (Lab Lab, VirtualCard Card) phone)
    {
        this.name = $"{name}, {suite}";
        (lab, Card) = phone;
        Phone.InsertCard();
        Phone.WaitFor(PadScreen.Pin(3), "the PIN pad", Phone.BootTimeout);
        AgentProcess.WaitForInputs(Phone, 1);
    }

    public Phone Phone => lab.Phone;

    public VirtualCard Card { get; }

    /// <summary>A cell of the matrix: what happens, and what must come of it.</summary>
    /// <param name="stage">When the fault comes.</param>
    /// <param name="fault">What goes wrong, and what sets it right again.</param>
    /// <param name="expected">In a few words for the table; <paramref name="act"/> checks it.</param>
    /// <param name="act">From the pad with nothing typed to the same.</param>
    /// <param name="verifies">How often the card is asked about a PIN.</param>
    /// <param name="spent">PIN tries that the person confirmed and lost.</param>
    public void Cell(string stage, string fault, string expected, Action act, int verifies = 0, int spent = 0) =>
        Run(stage, fault, expected, verifies, spent, () =>
        {
            act();
            AssertPadAnswers();
        });

    /// <summary>The scene's last cell, after which the root is open.</summary>
    public void End(string stage, string fault, string expected, Action act, int verifies)
    {
        Run(stage, fault, expected + "; the root opens", verifies, 0, () =>
        {
            act();
            lab.AssertRootOpened();
        });
        FaultTable.Write(name, lines);
        Assert.True(failures.Count == 0, $"{failures.Count} of {lines.Count} cells failed:\n{string.Join('\n', failures)}");
    }

    /// <summary>The screen comes.</summary>
    public void Expect(PadScreen screen, string what) => Phone.WaitFor(screen, what, Patience);

    /// <summary>Whether a screen is there now.</summary>
    public bool Shows(PadScreen screen) => Phone.Screenshot().CountDifferences(screen.Draw(Phone.Width, Phone.Height), EmulatedPhone.Phone.EdgeLevels) == 0;

    /// <summary>The screen is there, and still there a moment later.</summary>
    public void ExpectToStay(PadScreen screen, string what)
    {
        Expect(screen, what);
        Thread.Sleep(Moment);
        Phone.WaitFor(screen, what + " as before", TimeSpan.FromSeconds(1));
    }

    /// <summary>Sends pcscd a signal by name.</summary>
    public void SignalPcscd(string signal) => Shell($"kill -{signal} {PcscdId}");

    /// <summary>Starts pcscd as the boot does.</summary>
    public void RestartPcscd() => Shell(StartPcscd);

    /// <summary>Runs a line of shell in the guest, which must succeed.</summary>
    public string Shell(string command)
    {
        GuestResult result = Phone.RunInGuest(command, Phone.StepTimeout);
        Assert.True(result.Status == 0, $"`{command}` ended with {result.Status}: {result.Output}");
        return result.Output;
    }

    /// <summary>
    /// From the next round on, Debian asks for the disk without end. This round has three tries, and another one always comes.
    /// </summary>
    public void AllowManyTries() => Shell("sed -i 's/$/,tries=0/' /cryptroot/crypttab && grep tries=0 /cryptroot/crypttab");

    /// <summary>Enters the PIN and waits until the card works on what the person confirmed.</summary>
    /// <param name="instruction">At which command it is held.</param>
    public void EnterPinUpTo(byte instruction)
    {
        Card.Faults.HoldAtInstruction(instruction);
        Phone.TapText(PadScreen.Pin(3), KeySet.Pin + "\n");
        long start = Stopwatch.GetTimestamp();
        while (Card.Faults.Held != instruction)
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Patience, "the card is not asked");
            Thread.Sleep(50);
        }
    }

    public void Dispose()
    {
        // A scene that is cut short shows what it got to.
        FaultTable.Write(name, lines);
        lab.Dispose();
    }

    private void AssertPadAnswers()
    {
        Expect(PadScreen.Pin(3), "the PIN pad with nothing typed");
        Phone.TapText(PadScreen.Pin(3), "7");
        Expect(PadScreen.Pin(3, typed: 1), "a dot for a digit");
        Phone.TapText(PadScreen.Pin(3), "\b");
        Expect(PadScreen.Pin(3), "the PIN pad without the digit");
    }

    private void Run(string stage, string fault, string expected, int verifies, int spent, Action act)
    {
        int tries = Card.UserTriesLeft, asked = Card.VerifyCount;
        long start = Stopwatch.GetTimestamp();
        string result = FaultTable.AsExpected;
        try
        {
            act();
            Assert.Equal((tries - spent, asked + verifies), (Card.UserTriesLeft, Card.VerifyCount));
        }
        catch (Exception e) when (e is PhoneException or XunitException)
        {
            result = "FAILED";
            failures.Add($"{stage}: {fault}: {e.Message}");
        }

        string row = $"{stage} | {fault} | {expected} | {tries}/{Card.UserTriesLeft} | {Card.VerifyCount - asked} | {result}";
        lines.Add(row);
        string seconds = Stopwatch.GetElapsedTime(start).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        TestContext.Current.TestOutputHelper?.WriteLine($"{seconds} s: {row}");
        if (result == "FAILED")
        {
            BackToPad();
        }
    }

    /// <summary>The next cell gets its chance. What does not come back now is shown by all that follow.</summary>
    private void BackToPad()
    {
        try
        {
            Card.Faults.Clear();
            Card.Faults.Release();
            Phone.InsertCard();
            Phone.RunInGuest($"kill -CONT {PcscdId} || {{ {StartPcscd}; }}", Phone.StepTimeout);
            Phone.TapUseCard();
            Phone.WaitFor(PadScreen.Pin(3), "the PIN pad after a failure", Patience);
        }
        catch (PhoneException)
        {
            Phone.RemoveCard();
            Phone.InsertCard();
        }
    }
}
