// SPDX-License-Identifier: GPL-3.0-or-later
// Carries the machine's effects out: what is typed is kept, given to the card, or handed over; or the device ends.
using CardUnlock;
using UnlockAgent.Machine;

namespace UnlockAgent.Shell;

/// <summary>What the loop ends with.</summary>
internal enum LoopEnd
{
    None,

    /// <summary>There is a key to hand over.</summary>
    Key,
    PowerOff,
    Restart,
}

/// <summary>Where a key comes from.</summary>
internal enum KeyOrigin
{
    Card,

    /// <summary>A passphrase that was typed here.</summary>
    Typed,

    /// <summary>A passphrase that was typed elsewhere.</summary>
    Elsewhere,
}

/// <summary>The entries of one try, and what becomes of them.</summary>
/// <param name="card">Gets PINs; not owned.</param>
internal sealed class Errands(CardThread card) : IDisposable
{
    private SecretBuffer? key;

    public Entries Entries { get; } = new();

    /// <summary>None until it is over.</summary>
    public LoopEnd End { get; private set; }

    /// <summary>Where the key that is handed over comes from.</summary>
    public KeyOrigin Origin { get; private set; }

    /// <summary>Gives away the exact bytes for cryptsetup.</summary>
    /// <exception cref="InvalidOperationException">There is no key.</exception>
    public SecretBuffer TakeKey()
    {
        var taken = key ?? throw new InvalidOperationException("There is no key.");
        key = null;
        return taken;
    }

    /// <summary>Carries one effect out.</summary>
    /// <param name="effect">What to do.</param>
    /// <param name="state">The state after the step.</param>
    /// <param name="came">The key that came with the event, the card's or from elsewhere; ownership passes.</param>
    /// <param name="character">The typed character, with <see cref="Effect.Append"/>.</param>
    /// <returns>What the machine has to hear before anything else happens, or null.</returns>
    public AgentEvent? CarryOut(Effect effect, AgentState state, SecretBuffer? came, int character)
    {
        switch (effect)
        {
            case Effect.Append:
                Entries.Append(character);
                break;
            case Effect.DropLast:
                Entries.DropLast();
                break;
            case Effect.Clear:
                Entries.Clear();
                break;
            case Effect.Wipe:
                Entries.Wipe();
                break;
            case Effect.KeepResetCode:
                Entries.KeepResetCode();
                break;
            case Effect.KeepNewPin:
                Entries.KeepNewPin();
                break;
            case Effect.ForgetNewPin:
                Entries.ForgetNewPin();
                break;
            case Effect.Unblock when !Entries.PinsAreEqual:
                return new AgentEvent.PinsDiffered();
            case Effect.AskCard or Effect.AskVerifiedCard or Effect.Unblock:
                Ask(effect, state);
                break;
            default:
                Finish(effect, came);
                break;
        }

        return null;
    }

    public void Dispose()
    {
        Entries.Dispose();
        key?.Dispose();
    }

    private void Ask(Effect effect, AgentState state)
    {
        switch (effect)
        {
            case Effect.Unblock:
                var (resetCode, newPin) = Entries.TakeForReset();
                card.Unblock(resetCode, newPin, state.BlockedCard!);
                break;
            case Effect.AskVerifiedCard:
                Entries.Wipe();
                card.Unlock(Entries.Take(), state.UsableCard!);
                break;
            default:
                card.Unlock(Entries.Take(), state.UsableCard!);
                break;
        }
    }

    private void Finish(Effect effect, SecretBuffer? came)
    {
        switch (effect)
        {
            case Effect.HandOverKey or Effect.HandOverReceived:
                Entries.Wipe();
                (key, Origin, End) = (came, effect == Effect.HandOverKey ? KeyOrigin.Card : KeyOrigin.Elsewhere, LoopEnd.Key);
                break;
            case Effect.HandOverPassphrase:
                (key, Origin, End) = (Entries.Take(), KeyOrigin.Typed, LoopEnd.Key);
                Entries.Wipe();
                break;
            case Effect.PowerOff:
                Entries.Wipe();
                End = LoopEnd.PowerOff;
                break;
            case Effect.Restart:
                Entries.Wipe();
                End = LoopEnd.Restart;
                break;
        }
    }
}
