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

/// <summary>The entries of one try, and what becomes of them.</summary>
/// <param name="card">Gets PINs; not owned.</param>
internal sealed class Errands(CardThread card) : IDisposable
{
    private SecretBuffer? key;

    public Entries Entries { get; } = new();

    /// <summary>None until it is over.</summary>
    public LoopEnd End { get; private set; }

    /// <summary>True where the key that is handed over is the card's.</summary>
    public bool IsCardKey { get; private set; }

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
    /// <param name="cardKey">The card's key, with <see cref="Effect.HandOverKey"/>; ownership passes.</param>
    /// <param name="character">The typed character, with <see cref="Effect.Append"/>.</param>
    /// <returns>What the machine has to hear before anything else happens, or null.</returns>
    public AgentEvent? CarryOut(Effect effect, AgentState state, SecretBuffer? cardKey, int character)
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
                Finish(effect, cardKey);
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

    private void Finish(Effect effect, SecretBuffer? cardKey)
    {
        switch (effect)
        {
            case Effect.HandOverKey:
                Entries.Wipe();
                (key, IsCardKey, End) = (cardKey, true, LoopEnd.Key);
                break;
            case Effect.HandOverPassphrase:
                (key, End) = (Entries.Take(), LoopEnd.Key);
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
