// SPDX-License-Identifier: GPL-3.0-or-later
// Somebody who unlocks again and again: one agent after another in this one process, on a screen in memory, with the real pcscd and a
// simulated card. Counts what was confirmed, which is all that the card may count.
using CardSimulator;
using CardUnlock;
using EmulatedPhone;
using Framebuffer;
using Input;
using UnlockAgent.Configuration;
using UnlockAgent.Machine;
using UnlockAgent.Screen;
using UnlockAgent.Shell;
using UnlockAgent.Tests;

namespace Soak.Tests;

/// <summary>One disk, one card, one reader, and the agent that is at work.</summary>
internal sealed class PatientPerson : IDisposable
{
    private const int Width = 360, Height = 720;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly PcscDaemon daemon;
    private readonly string folder = Directory.CreateTempSubdirectory("soak").FullName;
    private readonly KeySet keys = KeySet.Get("rsa2048");
    private readonly string keyFile;
    private readonly byte[] luksKey;
    private MemoryScreen? screen;
    private CardThread? thread;
    private Stage? stage;
    private UnlockLoop? loop;
    private long leap;

    public PatientPerson(PcscDaemon daemon)
    {
        this.daemon = daemon;
        Card = keys.NewCard();
        Reader = daemon.NewReader(Card);
        Reader.Insert();
        luksKey = keys.LuksKey;
        keyFile = Path.Combine(folder, "root.gpg");
        File.WriteAllBytes(keyFile, keys.KeyFile);
    }

    public VirtualCard Card { get; }

    public VpcdReader Reader { get; }

    /// <summary>PINs that were confirmed with OK, each of which may cost one VERIFY.</summary>
    public int Confirmed { get; private set; }

    public AgentState State => Loop.State;

    private UnlockLoop Loop => loop ?? throw new InvalidOperationException("No agent is at work.");

    /// <summary>The number of the process that is pcscd.</summary>
    public string ServiceProcess => Directory.EnumerateDirectories("/proc")
        .Where(path => char.IsAsciiDigit(path[6]) && File.Exists(path + "/cmdline"))
        .Single(path => File.ReadAllText(path + "/cmdline") is var line
            && line.StartsWith("pcscd\0", StringComparison.Ordinal) && line.Contains(daemon.Folder + '/', StringComparison.Ordinal))[6..];

    /// <summary>The agent starts, as a keyscript's would; the card was reset before, as after each boot.</summary>
    public void Begin()
    {
        var source = new KeySource(keyFile, device: null);
        screen = new MemoryScreen(Width, Height);
        thread = new CardThread(source);
        stage = new Stage(Settings.Default, () => screen, folder);
        var start = AgentMachine.Start("root_crypt", Notice.None);
        stage.TryShow(start, default);
        source.FramePresented();
        stage.OpenInput();
        loop = new UnlockLoop(start, Settings.Default, stage, thread, () => Environment.TickCount64 + leap, static () => null);
    }

    /// <summary>Looks on until the agent shows something.</summary>
    public void Await(Func<AgentState, bool> shown, string what)
    {
        long end = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (!shown(State))
        {
            Assert.True(Environment.TickCount64 < end, $"{what} is waited for, and there is {State}");
            Loop.Turn(100);
        }
    }

    public void AwaitPinPad() => Await(state => state is { Mode: Mode.Card, ShowsPinEntry: true, Work: CardWork.None }, "the PIN pad");

    /// <summary>Taps characters, each on the button that types it.</summary>
    public void Type(string text)
    {
        foreach (char character in text)
        {
            Tap(button => button.Button == new Button(ButtonAction.Type, character));
        }
    }

    public void Tap(ButtonAction action) => Tap(button => button.Button.Action == action);

    /// <summary>Types a PIN and confirms it, the last try twice.</summary>
    public void Enter(string pin)
    {
        Type(pin);
        Tap(ButtonAction.Confirm);
        if (State.Notice == Notice.LastTryUnconfirmed)
        {
            // Longer than anybody needs to read the warning.
            Pass(1000);
            Tap(ButtonAction.Confirm);
        }

        Confirmed++;
    }

    /// <summary>Time goes by.</summary>
    public void Pass(long milliseconds)
    {
        leap += milliseconds;
        Loop.Turn(0);
    }

    /// <summary>Takes the card out and puts it in again.</summary>
    public void Reinsert()
    {
        Reader.Remove();
        Await(state => state.Card is CardStatus.NoCard, "that the card is gone");
        Reader.Insert();
        AwaitPinPad();
    }

    /// <summary>A touch where no button is.</summary>
    public void Touch() => Touch(0, 0, finger: 0);

    /// <summary>A burst of taps anywhere but on what confirms or leaves.</summary>
    public void Flood(Random random, int count)
    {
        for (int i = 0; i < count; i++)
        {
            (int x, int y) = (random.Next(Width), random.Next(Height));
            int hit = stage!.Renderer.Layout.HitTest(x, y);
            if (hit >= 0 && stage.Renderer.Layout.Buttons[hit].Button.Action is not (ButtonAction.Type or ButtonAction.Backspace))
            {
                continue;
            }

            Touch(x, y, random.Next(10));
        }

        while (State.Typed > 0)
        {
            Tap(ButtonAction.Backspace);
        }
    }

    /// <summary>The agent hands its key over and ends; the booted system resets the card.</summary>
    /// <param name="wanted">The bytes that it must be; null: the disk's key.</param>
    public void TakeKey(byte[]? wanted = null)
    {
        Await(state => state.Mode == Mode.Opening, "the key");
        Assert.Equal(LoopEnd.Key, Loop.Run());
        using (SecretBuffer key = Loop.TakeKey())
        {
            Assert.True(key.Span.SequenceEqual(wanted ?? luksKey), "another key was handed over");
        }

        End();
        CardMonitor.PowerDown();
    }

    public void Dispose()
    {
        End();
        Reader.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private void End()
    {
        loop?.Dispose();
        stage?.Dispose();
        thread?.Dispose();
        screen?.Dispose();
        (loop, stage, thread, screen) = (null, null, null, null);
    }

    private void Tap(Func<PadButton, bool> wanted)
    {
        PadButton? button = stage!.Renderer.Layout.Buttons.FirstOrDefault(wanted);
        Assert.True(button is not null, $"there is no such button; there is {State}");
        Box place = button.Bounds;
        Touch((place.Left + place.Right) / 2, (place.Top + place.Bottom) / 2, finger: 0);
    }

    private void Touch(int x, int y, int finger)
    {
        Loop.OnPointer(new(finger, PointerPhase.Down, x, y));
        Loop.Turn(0);
        Loop.OnPointer(new(finger, PointerPhase.Up, x, y));
        Loop.Turn(0);
    }
}
