// SPDX-License-Identifier: GPL-3.0-or-later
// The UI thread: sleeps in poll until a finger, a key, the card or a time has something to say, steps the machine, carries
// its effect out, and presents what changed. It owns what is typed and hands a key over once.
using System.Runtime.InteropServices;
using CardUnlock;
using Input;
using UnlockAgent.Configuration;
using UnlockAgent.Machine;
using UnlockAgent.Native;
using UnlockAgent.Screen;
using UnlockAgent.Text;

namespace UnlockAgent.Shell;

internal sealed partial class UnlockLoop : IInputSink, IDisposable
{
    // Two fingers on OK, a bouncing key or a double tap are no answer to a warning: nobody has read it yet.
    private const long ReadingTime = 600;

    private readonly Settings settings;
    private readonly Stage stage;
    private readonly CardThread card;
    private readonly Func<long> clock;
    private readonly RemotePassphrase? remote;
    private readonly Errands errands;
    private readonly Attention attention;
    private readonly Fingers fingers = new();
    private readonly FocusKeys focus = new();
    private readonly Keyboard keyboard;
    private CursorPosition? cursor;
    private AgentState state;

    // The first look: the screen may have gone since it was opened, or since the first frame was shown to nobody.
    private bool mayHaveNewScreen = true;
    private long warned;
    private string logged = string.Empty;

    /// <summary>The loop over a screen with its input, and the card; owns none of them.</summary>
    /// <param name="start">What is shown already.</param>
    /// <param name="settings">How to behave.</param>
    /// <param name="stage">Its input is open.</param>
    /// <param name="card">The card's side.</param>
    /// <param name="clock">Milliseconds that never go back; null: since the boot.</param>
    /// <param name="readBattery">Looks at the battery; null: the device's own.</param>
    /// <param name="keymap">The hardware keyboards' layout, which this owns from here on; null: the console's.</param>
    /// <param name="remote">What may bring a passphrase that is typed elsewhere; not owned. Null: nothing does.</param>
    public UnlockLoop(
        AgentState start, Settings settings, Stage stage, CardThread card, Func<long>? clock = null, Func<Battery?>? readBattery = null,
        Keymap? keymap = null, RemotePassphrase? remote = null)
    {
        (state, this.settings, this.stage, this.card, this.remote) = (start, settings, stage, card, remote);
        this.clock = clock ?? (static () => Environment.TickCount64);
        keyboard = new Keyboard(keymap ?? Keymap.FromConsole());
        errands = new Errands(card);
        attention = new Attention(settings, this.clock(), readBattery ?? (static () => PowerSupply.Read()));
    }

    /// <summary>Where the key that is handed over comes from.</summary>
    public KeyOrigin Origin => errands.Origin;

    /// <summary>What is shown.</summary>
    public AgentState State => state;

    /// <summary>The place of the button with the frame, or -1.</summary>
    internal int FocusPlace => focus.Place;

    /// <summary>When something happens by itself, or null.</summary>
    internal long? Due => Deadline.Earlier(fingers.Due, attention.Due(state));

    /// <summary>Runs until there is a key, or the device is to end.</summary>
    public LoopEnd Run()
    {
        LogMessage();
        while (errands.End == LoopEnd.None)
        {
            Turn();
        }

        return errands.End;
    }

    /// <summary>Gives away the exact bytes for cryptsetup, once.</summary>
    public SecretBuffer TakeKey() => errands.TakeKey();

    public void Dispose()
    {
        keyboard.Dispose();
        errands.Dispose();
    }

    /// <summary>Waits for something, once, and does what it asks for.</summary>
    /// <param name="most">The longest wait in milliseconds; -1: until the next thing is due.</param>
    internal void Turn(int most = -1)
    {
        int wait = Deadline.Timeout(Due, clock());
        WaitAndDispatch(most >= 0 && (wait < 0 || wait > most) ? most : wait);
        Expire();
        Redraw();
        if (mayHaveNewScreen)
        {
            LookForNewScreen();
        }
    }

    private void WaitAndDispatch(int timeout)
    {
        var handles = stage.Input.PollHandles;
        Span<pollfd> polled = stackalloc pollfd[handles.Count + 3];
        for (int i = 0; i < handles.Count; i++)
        {
            polled[i] = Polled(handles[i]);
        }

        polled[^3] = Polled(remote?.PollHandle);
        polled[^2] = Polled(card.PollHandle);
        polled[^1] = Polled(stage.ChangeHandle);
        if (Libc.Poll(polled, timeout) < 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            if (errno != Libc.EINTR)
            {
                throw new InvalidOperationException($"poll failed with error {errno}.");
            }

            return;
        }

        if (polled[^2].revents != 0)
        {
            TakeCardReports();
        }

        if (polled[^3].revents != 0 && errands.End == LoopEnd.None && remote?.TryRead() is { } passphrase)
        {
            Log.Write("a passphrase was typed elsewhere");
            Step(new AgentEvent.PassphraseReceived(), passphrase);
        }

        for (int i = 0; i < handles.Count && errands.End == LoopEnd.None; i++)
        {
            if (polled[i].revents != 0)
            {
                stage.Input.Dispatch(handles[i], this);
            }
        }

        mayHaveNewScreen |= polled[^1].revents != 0;
    }

    // A negative descriptor is passed over by poll.
    private static pollfd Polled(SafeHandle? handle) =>
        new() { fd = handle is null ? -1 : (int)handle.DangerousGetHandle(), events = Libc.POLLIN };

    private void TakeCardReports()
    {
        card.AcknowledgeWake();
        while (card.TryTake(out var report))
        {
            if (errands.End != LoopEnd.None)
            {
                report.Key?.Dispose();
                continue;
            }

            if (CardActivity.IsOne(state.Card, report.Event))
            {
                Attend();
            }

            Step(report.Event, report.Key);
        }
    }

    private void Expire()
    {
        long now = clock();
        if (fingers.Expire(now) is { } button)
        {
            Press(button);
        }

        PressPower(attention.ExpirePowerKey(now));
        while (errands.End == LoopEnd.None && attention.Expire(now, state) is { } due)
        {
            Step(due);
        }
    }

    /// <summary>What a button types travels beside its event: the machine never knows it.</summary>
    private void Press(Button button) => Step(AgentEvent.Of(button, errands.Entries.LastCharacterBytes), character: button.Character);

    private void Step(AgentEvent @event, SecretBuffer? key = null, int character = 0)
    {
        if (errands.End != LoopEnd.None)
        {
            return;
        }

        bool isWarned = state.Notice == Notice.LastTryUnconfirmed;
        if (isWarned && IsConfirm(@event) && clock() - warned < ReadingTime)
        {
            return;
        }

        var before = state;
        (state, var effect) = AgentMachine.Step(state, @event);
        if (errands.CarryOut(effect, state, key, character) is { } answer)
        {
            Step(answer);
        }

        if (effect is not (Effect.None or Effect.Append))
        {
            // What an accent waited for comes no more.
            keyboard.DropAccent();
        }

        if (settings.ScrambleDigits && AgentMachine.BeginsPin(before, state, effect))
        {
            (state, _) = AgentMachine.Step(state, new AgentEvent.DigitsDrawn(RandomDigits.NewOrder()));
        }

        Follow(before, warns: !isWarned && state.Notice == Notice.LastTryUnconfirmed);
        LogMessage();
    }

    /// <summary>What a new state means at once.</summary>
    private void Follow(AgentState before, bool warns)
    {
        warned = warns ? clock() : warned;
        bool darkens = state.Light == Light.Dark && before.Light != Light.Dark;
        bool isForgotten = state.Notice == Notice.Forgotten && before.Notice != Notice.Forgotten;
        if (warns || darkens || isForgotten || state.Mode != before.Mode)
        {
            // The same key of the next entry is another one, and so is one that nobody sees any more.
            fingers.Clear();
        }

        if (warns || darkens || isForgotten)
        {
            // The next press of a key is no answer to a warning, nor one in a pocket to what somebody was about to press; and what is
            // forgotten leaves no frame around its last digit.
            focus.Hide();
        }

        if (state.IsOver)
        {
            // The last frame stands until the booted system draws: an arrow on it would point at the last digit that a mouse typed.
            cursor = null;
        }

        var layout = stage.Renderer.Layout;
        if (warns || !layout.Serves(state))
        {
            // Redrawing now lets the next event meet the new buttons.
            Redraw();
            fingers.Meet(stage.Renderer.Layout);
            focus.Meet(layout, stage.Renderer.Layout);
        }

        if (state.Light != before.Light)
        {
            // The picture comes first: no light falls on an old one.
            Redraw();
            stage.SetLight(state.Light);
        }
    }

    private static bool IsConfirm(AgentEvent @event) =>
        @event is AgentEvent.ButtonReleased { Button.Action: ButtonAction.Confirm };

    private void Redraw()
    {
        if (errands.End is LoopEnd.PowerOff or LoopEnd.Restart)
        {
            return;
        }

        var touched = new Touched
        {
            Pressed = fingers.Pressed,
            Focused = focus.Bit,
            Popup = fingers.Popup,
            Cursor = cursor,
            Revealed = errands.Entries.RevealedBy(state),
        };
        mayHaveNewScreen |= !stage.TryShow(state, touched);
    }

    /// <summary>Where there is one, nothing that was held or pointed at on the old one is there any more.</summary>
    private void LookForNewScreen()
    {
        mayHaveNewScreen = false;
        if (stage.Renew(this))
        {
            stage.Input.ShowCapsLock(keyboard.IsCapsLock);
            fingers.Clear();
            focus.Hide();
            cursor = null;
            Redraw();
            stage.SetLight(state.Light);
        }
    }

    private void LogMessage()
    {
        // Whose card opens the disk is nobody else's business.
        string headline = Messages.For(state with { Wanted = [] }, Languages.English).Headline;
        if (headline != logged && state.Mode != Mode.Ending)
        {
            logged = headline;
            Log.Write(headline);
        }
    }
}
