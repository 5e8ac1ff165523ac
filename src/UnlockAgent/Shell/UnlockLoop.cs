// SPDX-License-Identifier: GPL-3.0-or-later
// The UI thread: sleeps in poll until a finger, a key or the card has something to say, steps the machine, carries
// its effect out, and presents what changed. It owns what is typed and hands a key over once.
using System.Diagnostics;
using System.Runtime.InteropServices;
using CardUnlock;
using Framebuffer;
using Input;
using Microsoft.Win32.SafeHandles;
using UnlockAgent.Machine;
using UnlockAgent.Native;
using UnlockAgent.Screen;
using UnlockAgent.Text;

namespace UnlockAgent.Shell;

internal sealed class UnlockLoop : IInputSink, IDisposable
{
    // Two fingers on OK, a bouncing key or a double tap are no answer to a warning: nobody has read it yet.
    private static readonly TimeSpan ReadingTime = TimeSpan.FromMilliseconds(600);

    private readonly IFrameTarget target;
    private readonly InputDevices input;
    private readonly CardThread card;
    private readonly PadRenderer renderer;
    private readonly Fingers fingers = new();
    private readonly Keyboard keyboard = new(Keymap.FromConsole());
    private readonly Entries entries = new();
    private AgentState state;
    private SecretBuffer? handOver;
    private long warned;
    private string logged = string.Empty;

    /// <summary>The loop over a screen, its input and the card; owns none of them.</summary>
    public UnlockLoop(AgentState start, IFrameTarget target, PadRenderer renderer, InputDevices input, CardThread card)
    {
        (state, this.target, this.renderer, this.input, this.card) = (start, target, renderer, input, card);
    }

    /// <summary>True where the key that was handed over is the card's.</summary>
    public bool IsCardKey { get; private set; }

    /// <summary>Runs until there is a key.</summary>
    /// <returns>The exact bytes for cryptsetup; the caller disposes them.</returns>
    public SecretBuffer Run()
    {
        LogMessage();
        while (handOver is null)
        {
            WaitAndDispatch();
            Redraw();
        }

        return handOver.Move();
    }

    public void OnPointer(in PointerEvent e)
    {
        if (fingers.Follow(e, renderer.Layout, Environment.TickCount64) is { } button)
        {
            Press(button);
        }
    }

    public void OnKey(in KeyEvent e)
    {
        Span<Button> struck = stackalloc Button[Keyboard.MostButtons];
        foreach (var button in struck[..keyboard.Translate(e, state, struck)])
        {
            Press(button);
        }

        struck.Clear();
    }

    public void OnCursor(in CursorEvent e)
    {
    }

    public void Dispose()
    {
        entries.Dispose();
        keyboard.Dispose();
        handOver?.Dispose();
    }

    private void WaitAndDispatch()
    {
        var handles = input.PollHandles;
        Span<pollfd> polled = stackalloc pollfd[handles.Count + 1];
        for (int i = 0; i < handles.Count; i++)
        {
            polled[i] = new pollfd { fd = (int)handles[i].DangerousGetHandle(), events = Libc.POLLIN };
        }

        polled[^1] = new pollfd { fd = (int)card.PollHandle.DangerousGetHandle(), events = Libc.POLLIN };
        if (Libc.Poll(polled, Timeout(fingers.Due)) < 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            if (errno != Libc.EINTR)
            {
                throw new InvalidOperationException($"poll failed with error {errno}.");
            }

            return;
        }

        if (polled[^1].revents != 0)
        {
            TakeCardReports();
        }

        for (int i = 0; i < handles.Count && handOver is null; i++)
        {
            if (polled[i].revents != 0)
            {
                input.Dispatch(handles[i], this);
            }
        }

        if (fingers.Expire(Environment.TickCount64) is { } button)
        {
            Press(button);
        }
    }

    private static int Timeout(long? due) => due is { } at ? (int)Math.Clamp(at - Environment.TickCount64, 0, int.MaxValue) : -1;

    private void TakeCardReports()
    {
        card.AcknowledgeWake();
        while (card.TryTake(out var report))
        {
            if (handOver is not null)
            {
                report.Key?.Dispose();
                continue;
            }

            Step(report.Event, report.Key);
        }
    }

    /// <summary>What a button types travels beside its event: the machine never knows it.</summary>
    private void Press(Button button) => Step(AgentEvent.Of(button, entries.LastCharacterBytes), character: button.Character);

    private void Step(AgentEvent @event, SecretBuffer? key = null, int character = 0)
    {
        if (handOver is not null)
        {
            return;
        }

        bool isWarned = state.Notice == Notice.LastTryUnconfirmed;
        if (isWarned && IsConfirm(@event) && Stopwatch.GetElapsedTime(warned) < ReadingTime)
        {
            return;
        }

        (state, var effect) = AgentMachine.Step(state, @event);
        CarryOut(effect, key, character);
        bool warns = !isWarned && state.Notice == Notice.LastTryUnconfirmed;
        if (warns || !renderer.Layout.Serves(state))
        {
            if (warns)
            {
                fingers.Clear();
            }

            // Redrawing now lets the next event meet the new buttons.
            Redraw();
            fingers.Meet(renderer.Layout);
        }

        warned = warns ? Stopwatch.GetTimestamp() : warned;

        LogMessage();
    }

    private static bool IsConfirm(AgentEvent @event) =>
        @event is AgentEvent.ButtonReleased { Button.Action: ButtonAction.Confirm };

    private void CarryOut(Effect effect, SecretBuffer? key, int character)
    {
        switch (effect)
        {
            case Effect.Append:
                entries.Append(character);
                break;
            case Effect.DropLast:
                entries.DropLast();
                break;
            case Effect.Clear:
                entries.Clear();
                break;
            case Effect.Wipe:
                entries.Wipe();
                keyboard.DropAccent();
                break;
            case Effect.KeepResetCode:
                entries.KeepResetCode();
                break;
            case Effect.KeepNewPin:
                entries.KeepNewPin();
                break;
            case Effect.ForgetNewPin:
                entries.ForgetNewPin();
                break;
            default:
                Finish(effect, key);
                break;
        }
    }

    /// <summary>The effects that an entry, or a card, ends with.</summary>
    private void Finish(Effect effect, SecretBuffer? key)
    {
        switch (effect)
        {
            case Effect.AskCard:
                card.Unlock(entries.Take(), state.UsableCard!);
                break;
            case Effect.AskVerifiedCard:
                entries.Wipe();
                card.Unlock(entries.Take(), state.UsableCard!);
                break;
            case Effect.Unblock when entries.PinsAreEqual:
                var (resetCode, newPin) = entries.TakeForReset();
                card.Unblock(resetCode, newPin, state.BlockedCard!);
                break;
            case Effect.Unblock:
                Step(new AgentEvent.PinsDiffered());
                break;
            case Effect.HandOverKey:
                entries.Wipe();
                (handOver, IsCardKey) = (key, true);
                break;
            case Effect.HandOverPassphrase:
                handOver = entries.Take();
                entries.Wipe();
                break;
        }
    }

    private void Redraw()
    {
        var damage = renderer.Draw(state, new Touched { Pressed = fingers.Pressed, Popup = fingers.Popup });
        if (!damage.IsEmpty)
        {
            target.Present(renderer.Pixels, renderer.Stride, damage);
        }
    }

    private void LogMessage()
    {
        // Whose card opens the disk is nobody else's business.
        string headline = Messages.For(state with { Wanted = [] }, Languages.English).Headline;
        if (headline != logged)
        {
            logged = headline;
            Log.Write(headline);
        }
    }
}
