// SPDX-License-Identifier: GPL-3.0-or-later
// Every screen that may stand after a fault, by the name that the table has for it.

using CardUnlock;
using HostPhone;
using UnlockAgent.Machine;

namespace Faults.Tests;

internal static class Known
{
    private static readonly Notice[] Notices =
    [
        Notice.WrongPin, Notice.CardRemoved, Notice.ReaderError, Notice.DamagedMessage, Notice.UnsupportedMessage, Notice.NoMatchingKey,
        Notice.TouchMissed, Notice.Forgotten,
    ];

    /// <summary>Every screen.</summary>
    public static IReadOnlyList<Screen> All { get; } = [.. Make()];

    private static readonly Dictionary<string, Screen> ByName = All.ToDictionary(screen => screen.Name);

    /// <summary>Screens to type a PIN on, or to confirm on without one.</summary>
    public static IReadOnlyList<Screen> Pads { get; } =
        [.. All.Where(screen => screen.State is { Typed: 0 } and ({ ShowsPinEntry: true, Mode: Mode.Card } or { CanAskAgain: true }))];

    /// <summary>A screen that passes by itself.</summary>
    public static bool IsPassing(Screen screen) => screen == Screen.Start || screen == Screen.Checking || screen == Screen.Opening;

    /// <summary>A screen by its name.</summary>
    public static Screen? Find(string name) =>
        ByName.TryGetValue(name, out Screen? screen) ? screen
        : name.Split(", CardError ") is [var below, var word] && ByName.TryGetValue(below, out Screen? plain)
            ? Error(plain, Convert.ToUInt16(word, 16))
            : null;

    /// <summary>What a card's answer that means nothing else looks like.</summary>
    public static Screen Error(Screen below, ushort word)
    {
        Screen with = Screen.With(below, Notice.CardError, word);
        return new Screen($"{below.Name}, CardError {word:X4}", with.State);
    }

    private static IEnumerable<Screen> Make()
    {
        Screen[] plain =
        [
            Screen.InsertCard, Screen.NoReader, Screen.ServiceMissing, Screen.Unusable,
            .. ((int?[])[3, 2, 1, 0, null]).Select(tries => Screen.Pin(tries)), Screen.Verified, Screen.Foreign,
        ];
        Screen[] others =
        [
            Screen.Start, Screen.Checking, Screen.Opening, Screen.Dark, Screen.Pin(3, 6), Screen.Keyboard(), Screen.Keyboard(3),
            Screen.Keyboard(10), Screen.With(Screen.Pin(1, 6), Notice.LastTryUnconfirmed),
            Screen.With(Screen.Pin(null, 6), Notice.LastTryUnconfirmed), Screen.With(Screen.Keyboard(), Notice.CardKeyRefused),
            Screen.With(Screen.Keyboard(), Notice.WrongPassphrase), Screen.With(Screen.Keyboard(), Notice.Forgotten),
            .. Enum.GetValues<KeyFileFault>().Where(fault => fault != KeyFileFault.None).Select(Screen.KeyFile),
        ];
        IEnumerable<Screen> noticed = plain.SelectMany(_ => Notices, static (screen, notice) => Screen.With(screen, notice));
        return [.. plain, .. others, .. noticed];
    }
}
