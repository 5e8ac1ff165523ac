// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a person does with the agent's screens, and what the opened root says of itself.

using System.Text.RegularExpressions;
using UnlockAgent.Machine;

namespace EmulatedPhone;

/// <summary>What the opened root reported.</summary>
/// <param name="Mapping">Name and UUID of the device-mapper device.</param>
/// <param name="Mounted">Device and type of the root file system.</param>
/// <param name="Nonce">The words that only the encrypted root holds.</param>
public sealed record OpenedRoot(string Mapping, string Mounted, string Nonce);

public sealed partial class Phone
{
    /// <summary>From power on to the prompt; a busy machine takes several times the usual 15 s.</summary>
    public static readonly TimeSpan BootTimeout = TimeSpan.FromSeconds(180);

    /// <summary>For one answer of the card or of cryptsetup.</summary>
    public static readonly TimeSpan StepTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Skia's smooth edges come out a few levels of 255 apart when a shape is drawn through the box that changed or in one with the whole.</summary>
    public const int EdgeLevels = 4;

    /// <summary>Waits until the screen is as the agent's renderer draws it on the host, but for the smoothness of edges.</summary>
    /// <exception cref="PhoneException">It did not in time.</exception>
    public Picture WaitFor(PadScreen expected, string what, TimeSpan timeout)
    {
        // Until the guest's graphics driver takes over, the screen has another size and differs by that alone.
        Picture wanted = expected.Draw(Upright.Width, Upright.Height).Turned(options.Turn);
        if (TryWaitForScreen(screen => screen.CountDifferences(wanted, EdgeLevels) == 0, timeout) is { } screen)
        {
            return screen;
        }

        string picture = Path.Combine(FailureFolder, $"{options.Name}.wanted.png");
        wanted.SavePng(picture);
        throw Failure($"the screen does not show {what} within {timeout.TotalSeconds:0} s, which is in {picture}");
    }

    /// <summary>Taps a screen's buttons for characters; '\n' confirms.</summary>
    public void TapText(PadScreen on, string text)
    {
        foreach (char letter in text)
        {
            Tap(PlaceOf(on, letter));
        }
    }

    /// <summary>Taps "Use passphrase".</summary>
    public void TapUsePassphrase(PadScreen on) => TapAction(on, ButtonAction.UsePassphrase);

    /// <summary>Taps "Use card" under the keyboard.</summary>
    public void TapUseCard() => TapAction(PadScreen.Keyboard(), ButtonAction.UseCard);

    /// <summary>Types a passphrase of lower-case letters and digits on the on-screen keyboard and confirms.</summary>
    public void TapPassphrase(string text, bool confirm = true) => TapOnKeyboard(text + (confirm ? "\n" : ""), symbols => PadScreen.Keyboard(symbols: symbols));

    /// <summary>Turns the PIN pad to the keyboard and types a PIN of lower-case letters and digits there.</summary>
    public void TapLetterPin(string text)
    {
        TapAction(PadScreen.Pin(3), ButtonAction.Letters);
        TapOnKeyboard(text, symbols => PadScreen.LetterPin(symbols: symbols));
    }

    /// <summary>Waits for the encrypted root to run and report.</summary>
    /// <exception cref="PhoneException">It did not in time.</exception>
    public OpenedRoot WaitForRoot(TimeSpan timeout)
    {
        WaitForConsole(EndOfReport(), timeout);
        string Report(string kind) =>
            Console.WaitFor(new Regex($"opened-root: {kind} "), TimeSpan.Zero)?.Text.Split($"opened-root: {kind} ")[1].TrimEnd()
            ?? throw Failure($"the opened root does not report its {kind}");
        return new OpenedRoot(Report("mapping"), Report("mounted"), Report("nonce"));
    }

    /// <summary>Digits stand on the page of symbols; the key that confirms, on both.</summary>
    private void TapOnKeyboard(string text, Func<bool, PadScreen> page)
    {
        bool symbols = false;
        foreach (char letter in text)
        {
            if (letter != '\n' && char.IsAsciiDigit(letter) != symbols)
            {
                TapAction(page(symbols), symbols ? ButtonAction.Letters : ButtonAction.Symbols);
                symbols = !symbols;
            }

            TapText(page(symbols), letter.ToString());
        }
    }

    /// <summary>Taps the button with an action.</summary>
    internal void TapAction(PadScreen on, ButtonAction action) => Tap(PlaceOf(on, action));

    /// <summary>The pixel of the screen, turned as it is, where a character is typed; '\n' confirms, '\b' deletes.</summary>
    internal (int X, int Y) PlaceOf(PadScreen on, char character) =>
        OnScreen(on.ButtonFor(character, Upright.Width, Upright.Height));

    /// <summary>The pixel of the screen, turned as it is, of the button with an action.</summary>
    internal (int X, int Y) PlaceOf(PadScreen on, ButtonAction action) =>
        OnScreen(on.ButtonFor(action, Upright.Width, Upright.Height));

    private (int Width, int Height) Upright => options.Turn % 2 == 0 ? (Width, Height) : (Height, Width);

    private (int X, int Y) OnScreen((int X, int Y) upright) => options.Turn switch
    {
        1 => (Width - 1 - upright.Y, upright.X),
        2 => (Width - 1 - upright.X, Height - 1 - upright.Y),
        3 => (upright.Y, Height - 1 - upright.X),
        _ => upright,
    };

    private void Tap((int X, int Y) pixel) => Tap(pixel.X, pixel.Y);

    [GeneratedRegex("opened-root: end")]
    private static partial Regex EndOfReport();
}
