// SPDX-License-Identifier: GPL-3.0-or-later
// A pcscd with a reader of two slots, and blank cards of known codes: PIN 123456, admin PIN 12345678.

using System.Diagnostics;
using CardSimulator;

namespace UnlockControl.Tests;

/// <summary>Real pcscd, simulated cards. Dispose ends both.</summary>
public sealed class CardShelf : IDisposable
{
    private readonly PcscDaemon daemon = PcscDaemon.Start("Test reader");
    private readonly List<VpcdReader> slots = [];

    /// <summary>Puts a card into the next free slot.</summary>
    public VirtualCard Insert(uint serial = 0x00C0FFEE, CardOptions? options = null)
    {
        VirtualCard card = new((options ?? new CardOptions()) with { Serial = serial });
        VpcdReader slot = slots.Count == 0 ? daemon.NewReader(card) : new VpcdReader(card, daemon.Port + slots.Count);
        slots.Add(slot);
        slot.Insert();
        return card;
    }

    /// <summary>Pulls the first card out.</summary>
    public void Pull() => slots[0].Remove();

    /// <summary>Points unlockctl at this pcscd.</summary>
    public void ApplyTo(ProcessStartInfo start) => daemon.ApplyTo(start);

    public PersonAtTerminal AtTerminal(params string[] arguments) => ControlProgram.AtTerminal(arguments, ApplyTo);

    public void Dispose()
    {
        slots.ForEach(slot => slot.Dispose());
        daemon.Dispose();
    }
}
