// SPDX-License-Identifier: GPL-3.0-or-later
// What Debian's cryptroot script tells a keyscript (crypttab(5), CRYPTTAB_*), and what the try before this one left in /run: the kind of
// key that it handed over, never the key, and the number of the try that comes after it.
using System.Globalization;
using UnlockAgent.Configuration;
using UnlockAgent.Machine;

namespace UnlockAgent.Shell;

internal sealed class KeyscriptEnvironment
{
    private const string RunDirectory = "/run/unlock-agent";
    private const string ChoicesFile = "choices";
    private const string Card = "card";
    private const string Passphrase = "passphrase";
    private const int UsualTries = 3;

    private readonly string runDirectory, trace;
    private readonly int tried, tries;

    /// <summary>One try.</summary>
    /// <param name="volume">crypttab's name for the opened disk.</param>
    /// <param name="tried">How many tries were before this one in this round of cryptroot's.</param>
    /// <param name="tries">How many make a round; 0: it never ends.</param>
    /// <param name="runDirectory">Where one try leaves word for the next.</param>
    internal KeyscriptEnvironment(string volume, int tried, int tries, string runDirectory)
    {
        (Volume, this.tried, this.tries, this.runDirectory) = (volume, tried, tries, runDirectory);
        trace = Path.Combine(runDirectory, "handed-over-" + volume.Replace('/', '-'));
        Earlier = TakeTrace();
    }

    public static bool IsKeyscript => Environment.GetEnvironmentVariable("CRYPTTAB_NAME") is not null;

    /// <summary>crypttab's name for the opened disk.</summary>
    public string Volume { get; }

    /// <summary>What holds the disk's LUKS header, as a device or file; null when nobody says.</summary>
    public string? HeaderDevice { get; } =
        Environment.GetEnvironmentVariable("CRYPTTAB_OPTION_header") ?? Environment.GetEnvironmentVariable("CRYPTTAB_SOURCE");

    /// <summary>Why the try before this one did not open the disk, or none where that is not known for sure.</summary>
    public Notice Earlier { get; }

    public static KeyscriptEnvironment Read()
    {
        string volume = Environment.GetEnvironmentVariable("CRYPTTAB_NAME") ?? "disk";
        return new(volume, Number("CRYPTTAB_TRIED", 0), Number("CRYPTTAB_OPTION_tries", UsualTries), RunDirectory);
    }

    /// <summary>
    /// Leaves word of what was handed over, for the next try if this key opens nothing, and of what the person chose on the screen,
    /// for this disk and the next one.
    /// </summary>
    /// <returns>False: the next try will not know.</returns>
    public bool LeaveTrace(KeyOrigin origin, Choices choices)
    {
        try
        {
            Directory.CreateDirectory(runDirectory);

            // After the last try of a round cryptroot begins another one.
            File.WriteAllText(trace, Word(origin, tried + 1 == tries ? 0 : tried + 1));
            File.WriteAllText(Path.Combine(runDirectory, ChoicesFile), choices.ToText());
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.Write("the next try will not know what this one was: " + e.Message);
            return false;
        }
    }

    /// <summary>Takes that word back: nobody took the key.</summary>
    public void WithdrawTrace() => _ = TakeTrace();

    /// <summary>What the person chose on an earlier screen of this boot, or null.</summary>
    public static Choices? ReadChoices()
    {
        string path = Path.Combine(RunDirectory, ChoicesFile);
        try
        {
            return File.Exists(path) ? ChoicesText.Parse(File.ReadAllText(path)) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
            ? number
            : otherwise;

    private static string Word(KeyOrigin origin, int next) => origin switch
    {
        KeyOrigin.Card => string.Create(CultureInfo.InvariantCulture, $"{Card} {next}"),
        KeyOrigin.Typed => string.Create(CultureInfo.InvariantCulture, $"{Passphrase} {next}"),

        // Whoever sits here and typed nothing is asked as before.
        _ => string.Empty,
    };

    /// <summary>
    /// A word is believed once, and by the try that it was left for alone: what cannot be taken away, or was left by a try that others
    /// followed (they ended without a key, or could not write), would be said of a key that it is not about.
    /// </summary>
    private Notice TakeTrace()
    {
        // Most tries are the first, and an exception would delay their first frame.
        if (!File.Exists(trace))
        {
            return Notice.None;
        }

        try
        {
            string word = File.ReadAllText(trace);
            File.Delete(trace);
            return word == Word(KeyOrigin.Card, tried) ? Notice.CardKeyRefused
                : word == Word(KeyOrigin.Typed, tried) ? Notice.WrongPassphrase
                : Notice.None;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Notice.None;
        }
    }
}
