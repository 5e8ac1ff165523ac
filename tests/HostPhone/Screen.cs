// SPDX-License-Identifier: GPL-3.0-or-later
// The agent's screens as they must look: a state, drawn by the agent's own renderer, and where its buttons are.

using System.Collections.Concurrent;
using CardUnlock;
using UnlockAgent.Machine;
using UnlockAgent.Screen;

namespace HostPhone;

/// <summary>One expected screen.</summary>
public sealed class Screen
{
    private static readonly ConcurrentDictionary<(string, int, int), byte[]> Drawn = new();
    private static readonly Lock Drawing = new();

    internal Screen(string name, AgentState state) => (Name, State) = (name, state);

    /// <summary>What a table calls it.</summary>
    public string Name { get; }

    /// <summary>Before the card's first report.</summary>
    public static Screen Start { get; } = new("start", Card(null));

    /// <summary>No card is in the reader.</summary>
    public static Screen InsertCard { get; } = new("insert card", Card(new CardStatus.NoCard("")));

    /// <summary>No reader is there.</summary>
    public static Screen NoReader { get; } = new("no reader", Card(new CardStatus.NoReader()));

    /// <summary>The card was pulled out on the way.</summary>
    public static Screen CardRemoved { get; } = With(InsertCard, Notice.CardRemoved);

    /// <summary>pcscd does not answer.</summary>
    public static Screen ServiceMissing { get; } = new("no service", Card(new CardStatus.ServiceMissing("")));

    /// <summary>The card in the reader is none to unlock with.</summary>
    public static Screen Unusable { get; } = new("unusable", Card(new CardStatus.Unusable("", "")));

    /// <summary>The card works.</summary>
    public static Screen Checking { get; } = new("checking", Pin(3).State with { Mode = Mode.Checking, Work = CardWork.Unlocking });

    /// <summary>The agent hands the key over.</summary>
    public static Screen Opening { get; } = new("opening", Card(null) with { Mode = Mode.Opening });

    /// <summary>A card that is verified already and has not been asked.</summary>
    public static Screen Verified { get; } = new("verified", Card(Ready(3, verified: true)));

    /// <summary>A card with another key than the disk's.</summary>
    public static Screen Foreign { get; } =
        new("other card", Card(new CardStatus.Ready(new CardInfo("", "00000001", 3, 6, 127, false, false))));

    /// <summary>Nothing is shown.</summary>
    public static Screen Dark { get; } = new("dark", Card(null) with { Light = Light.Dark });

    internal AgentState State { get; }

    /// <summary>The PIN pad.</summary>
    /// <param name="triesLeft">What the card says; null: nothing.</param>
    /// <param name="typed">Digits typed so far.</param>
    public static Screen Pin(int? triesLeft, int typed = 0) => new(
        $"PIN {triesLeft?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "?"} left" + (typed > 0 ? $", {typed} typed" : ""),
        Card(Ready(triesLeft)) with { Typed = typed });

    /// <summary>The passphrase keyboard.</summary>
    /// <param name="typed">Characters typed so far.</param>
    public static Screen Keyboard(int typed = 0) =>
        new("keyboard" + (typed > 0 ? $", {typed} typed" : ""), Card(null) with { Mode = Mode.Passphrase, Typed = typed });

    public override string ToString() => Name;

    /// <summary>What stands after an attempt that ended with a notice.</summary>
    internal static Screen With(Screen screen, Notice notice, ushort statusWord = 0) =>
        new($"{screen.Name}, {notice}", screen.State with { Notice = notice, StatusWord = statusWord });

    /// <summary>A key file that no card can help with.</summary>
    internal static Screen KeyFile(KeyFileFault fault) => new($"key file {fault}", Card(null) with { KeyFault = fault });

    /// <summary>A card to unlock with.</summary>
    internal static CardStatus Ready(int? triesLeft, bool verified = false) =>
        new CardStatus.Ready(new CardInfo("", "00000001", triesLeft, 6, 127, true, verified));

    internal static AgentState Card(CardStatus? status) => new(Phone.Volume, KeyFileFault.None, Mode.Card, status);

    /// <summary>Its bytes in the frame buffer.</summary>
    internal byte[] Draw(int width, int height) => Drawn.GetOrAdd((Name, width, height), _ =>
    {
        lock (Drawing)
        {
            using var renderer = new PadRenderer(width, height);
            renderer.Draw(State, default);
            byte[] pixels = new byte[width * height * 4];
            for (int y = 0; y < height; y++)
            {
                renderer.Pixels.Slice(y * renderer.Stride, width * 4).CopyTo(pixels.AsSpan(y * width * 4));
            }

            return pixels;
        }
    });

    /// <summary>The middle of the button that types a character.</summary>
    internal (int X, int Y) ButtonFor(char character, int width, int height) =>
        Middle(width, height, button => button.Action == ButtonAction.Type && button.Character == character);

    /// <summary>The middle of the button with an action.</summary>
    internal (int X, int Y) ButtonFor(ButtonAction action, int width, int height) =>
        Middle(width, height, button => button.Action == action);

    private (int X, int Y) Middle(int width, int height, Func<Button, bool> wanted)
    {
        Box box = PadLayout.For(width, height, State).Buttons.First(button => wanted(button.Button)).Bounds;
        return ((box.Left + box.Right) / 2, (box.Top + box.Bottom) / 2);
    }
}
