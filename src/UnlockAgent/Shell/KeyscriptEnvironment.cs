// SPDX-License-Identifier: GPL-3.0-or-later
// What Debian's cryptroot script tells a keyscript (crypttab(5), CRYPTTAB_*), and what an earlier try of the same
// boot left in /run: the kind of key that it handed over, never the key.
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

    private readonly string trace;

    private KeyscriptEnvironment(string volume, int tried)
    {
        Volume = volume;
        trace = Path.Combine(RunDirectory, "handed-over-" + volume.Replace('/', '-'));
        Earlier = tried == 0 ? Notice.None : ReadTrace();
    }

    public static bool IsKeyscript => Environment.GetEnvironmentVariable("CRYPTTAB_NAME") is not null;

    /// <summary>crypttab's name for the opened disk.</summary>
    public string Volume { get; }

    /// <summary>What holds the disk's LUKS header, as a device or file; null when nobody says.</summary>
    public string? HeaderDevice { get; } =
        Environment.GetEnvironmentVariable("CRYPTTAB_OPTION_header") ?? Environment.GetEnvironmentVariable("CRYPTTAB_SOURCE");

    /// <summary>Why the earlier try of this boot did not open the disk, or none.</summary>
    public Notice Earlier { get; }

    public static KeyscriptEnvironment Read()
    {
        string volume = Environment.GetEnvironmentVariable("CRYPTTAB_NAME") ?? "disk";
        _ = int.TryParse(Environment.GetEnvironmentVariable("CRYPTTAB_TRIED"), NumberStyles.None, CultureInfo.InvariantCulture, out int tried);
        return new(volume, tried);
    }

    /// <summary>
    /// Leaves word of what was handed over, for the next try if this key opens nothing, and of what the person chose on the screen,
    /// for this disk and the next one.
    /// </summary>
    public void LeaveTrace(KeyOrigin origin, Choices choices)
    {
        try
        {
            Directory.CreateDirectory(RunDirectory);
            File.WriteAllText(trace, origin switch
            {
                KeyOrigin.Card => Card,
                KeyOrigin.Typed => Passphrase,

                // Whoever sits here and typed nothing is asked as before.
                _ => string.Empty,
            });
            File.WriteAllText(Path.Combine(RunDirectory, ChoicesFile), choices.ToText());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.Write("the next try will not know what this one was: " + e.Message);
        }
    }

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

    private Notice ReadTrace()
    {
        try
        {
            return File.ReadAllText(trace) switch
            {
                Card => Notice.CardKeyRefused,
                Passphrase => Notice.WrongPassphrase,
                _ => Notice.None,
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Notice.None;
        }
    }
}
