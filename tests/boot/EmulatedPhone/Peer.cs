// SPDX-License-Identifier: GPL-3.0-or-later
//
// The agent's peers: who else asks for what opens the root, and how a person meets each on a screen of 720×1440. All places are
// those of Debian's packages as their screenshots show them.

using UnlockAgent.Screen;

namespace EmulatedPhone;

/// <summary>Pixels that are on the screen while the prompt is, whatever blinks or is typed beside them.</summary>
/// <param name="Box">Where.</param>
/// <param name="Colour">0xRRGGBB.</param>
/// <param name="Pixels">How many of the box have it, exactly.</param>
internal sealed record PromptSign(Box Box, int Colour, int Pixels)
{
    /// <summary>The size of the screens that they are seen on.</summary>
    public const int Width = 720, Height = 1440;

    /// <summary>True where they are.</summary>
    public bool IsOn(Picture screen)
    {
        if ((screen.Width, screen.Height) != (Width, Height))
        {
            return false;
        }

        int count = 0;
        for (int y = Box.Top; y < Box.Bottom; y++)
        {
            for (int x = Box.Left; x < Box.Right; x++)
            {
                count += screen[x, y] == Colour ? 1 : 0;
            }
        }

        return count == Pixels;
    }
}

/// <summary>Keys of the same size beside each other.</summary>
/// <param name="Keys">The characters that they type.</param>
/// <param name="Left">The first key's left edge in pixels.</param>
/// <param name="Step">From one key's left edge to the next one's, in pixels.</param>
/// <param name="Top">Their upper edge.</param>
/// <param name="Width">Of each.</param>
/// <param name="Height">Of each.</param>
internal sealed record KeyRow(string Keys, int Left, double Step, int Top, int Width, int Height)
{
    /// <summary>The pixels of a key that is in the row.</summary>
    public Box this[char key]
    {
        get
        {
            int left = Left + (int)(Step * Keys.IndexOf(key));
            return new Box(left, Top, left + Width, Top + Height);
        }
    }
}

/// <summary>A program, or some, that ask for what opens the root.</summary>
/// <param name="Name">As Debian names it.</param>
/// <param name="Suite">The Debian that it runs in.</param>
/// <param name="Image">Makes its image.</param>
/// <param name="Program">The file name of the program that shows the prompt.</param>
/// <param name="Processes">The file names of all programs that run at the prompt because of it, but for shells and cryptsetup, which has begun.</param>
/// <param name="Sign">What is on the screen when it asks.</param>
/// <param name="Seen">Pixels of which some change when <see cref="Sample"/> is pressed and nothing is typed yet; null: it shows nothing of what is typed.</param>
internal sealed record Peer(
    string Name, string Suite, Func<KeySet, PhoneImage> Image, string Program, IReadOnlyList<string> Processes, PromptSign Sign, Box? Seen)
{
    /// <summary>The key that is pressed where one is measured; neither PIN nor passphrase begins with it.</summary>
    public const char Sample = '5';

    // Text on the console is 8×16 pixels a character.
    private const int Grey = 0xAAAAAA;

    /// <summary>Everyone.</summary>
    public static IReadOnlyList<Peer> All { get; } =
    [
        AskPass("bookworm"),
        AskPass("trixie"),
        Plymouth("bookworm"),
        Plymouth("trixie"),
        new(
            "decrypt_gnupg-sc",
            "bookworm",
            keys => PhoneImage.WithGnuPg("bookworm", keys),
            "pinentry-curses",
            ["gpg", "gpg-agent", "scdaemon", "pinentry-curses", "pcscd"],
            new(new(184, 736, 208, 752), Grey, 108),
            new(216, 736, 536, 752))
        {
            UsesCard = true,
        },
        new(
            "osk-sdl",
            "bookworm",
            _ => PhoneImage.WithOskSdl(),
            "osk-sdl",
            ["osk-sdl"],
            new(new(547, 1357, 713, 1433), 0x003C00, 12316),
            new(295, 997, 353, 1073))
        {
            Words = PhoneImage.PanelWords,
            HasEdid = true,
            Rows =
            [
                new("1234567890", 7, 72, 997, 58, 76), new("qwertyuiop", 7, 72, 1087, 58, 76), new("asdfghjkl", 43, 72, 1177, 58, 76),
                new("zxcvbnm", 115, 72, 1267, 58, 76), new("\b", 619, 0, 1267, 94, 76), new("\n", 547, 0, 1357, 166, 76),
            ],
        },
        new(
            "unl0kr",
            "trixie",
            _ => PhoneImage.WithUnl0kr(),
            "unl0kr",
            ["unl0kr"],
            new(new(605, 1320, 716, 1436), 0xBDC3C7, 12562),
            new(288, 843, 357, 958))
        {
            Rows =
            [
                new("1234567890", 1, 71.7, 842, 70, 117), new("qwertyuiop", 1, 71.7, 961, 70, 117), new("asdfghjkl", 1, 79.6, 1080, 78, 117),
                new("zxcvbnm", 108, 71.7, 1200, 70, 117), new("\b", 610, 0, 1200, 107, 117), new("\n", 604, 0, 1319, 113, 117),
            ],
        },
    ];

    /// <summary>Words that it needs on the kernel's command line, besides "quiet" and "vt.global_cursor_default=0".</summary>
    public string Words { get; init; } = "";

    /// <summary>It wants a card and its PIN; otherwise the passphrase.</summary>
    public bool UsesCard { get; init; }

    /// <summary>It must be told what display there is (<see cref="PhoneOptions.HasEdid"/>).</summary>
    public bool HasEdid { get; init; }

    /// <summary>The keys of its keyboard on the screen: '\b' deletes, '\n' confirms, each when it is let go. Null: a person types on a keyboard.</summary>
    public IReadOnlyList<KeyRow>? Rows { get; init; }

    /// <summary>Its Debian, too.</summary>
    public string Label => $"{Name}-{Suite}";

    /// <summary>The pixels of a key on the screen.</summary>
    public Box KeyFor(char key) => (Rows ?? []).First(row => row.Keys.Contains(key, StringComparison.Ordinal))[key];

    private static Peer AskPass(string suite) =>
        new("askpass", suite, _ => PhoneImage.WithTextPrompt(suite, alone: true), "askpass", ["askpass"], new(new(0, 0, 248, 16), Grey, 735), null);

    // It shows no picture where the serial port is a console, unless it is told to.
    private static Peer Plymouth(string suite) =>
        new(
            "plymouth",
            suite,
            _ => PhoneImage.WithPlymouth(suite),
            "plymouthd",
            ["plymouthd", "plymouth", "askpass"],
            new(new(200, 545, 217, 563), 0xC0C0C0, 154),
            new(226, 545, 500, 563))
        {
            Words = "splash plymouth.ignore-serial-consoles",
        };
}
