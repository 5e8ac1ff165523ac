// SPDX-License-Identifier: GPL-3.0-or-later
// Where the settings are: the configuration file, the kernel command line over it, and the locale for a language that neither
// names. Three small files at most, since all of it stands before the first frame.
using UnlockAgent.Machine;

namespace UnlockAgent.Configuration;

/// <summary>The settings of this boot.</summary>
/// <param name="Settings">What was set, and the defaults for the rest.</param>
/// <param name="Language">The language to begin with.</param>
/// <param name="Faults">A sentence for each thing that is wrong.</param>
internal sealed record Configured(Settings Settings, string Language, IReadOnlyList<string> Faults)
{
    /// <summary>What the screen begins with.</summary>
    public Choices FirstChoices => new(Settings.Theme, Language, Settings.Keyboards[0]);
}

internal static class SettingsReader
{
    public const string FileName = "/etc/unlock-agent.conf";

    private const int FirstBuffer = 8 << 10;
    private const string KernelCommandLine = "/proc/cmdline";

    // What Debian calls it, from 13 on and before.
    private static readonly string[] LocaleFiles = ["/etc/locale.conf", "/etc/default/locale"];

    /// <summary>Reads them; what cannot be read is a fault and never an exception.</summary>
    /// <param name="root">In front of every path, for tests.</param>
    /// <param name="withCommandLine">False where another system's command line would be read.</param>
    /// <param name="environment">A variable's value, or null; null: this process' environment.</param>
    public static Configured Read(string root = "", bool withCommandLine = true, Func<string, string?>? environment = null)
    {
        var faults = new SettingFaults();
        var settings = SettingsParser.ParseFile(ReadAll(root, FileName, faults), FileName, Settings.Default, faults);
        if (withCommandLine)
        {
            settings = SettingsParser.ParseCommandLine(ReadAll(root, KernelCommandLine, faults), settings, faults);
        }

        string language = settings.Language
            ?? Locale.ToLanguage(Locale.Of(environment ?? Environment.GetEnvironmentVariable) ?? LocaleOf(root));
        return new(settings, language, faults.Sentences);
    }

    private static string? LocaleOf(string root)
    {
        foreach (string name in LocaleFiles)
        {
            byte[] file = ReadAll(root, name, new SettingFaults());
            if (Locale.Of(variable => Locale.InFile(file, variable)) is { } locale)
            {
                return locale;
            }
        }

        return null;
    }

    /// <summary>At most one byte more than the parser takes.</summary>
    private static byte[] ReadAll(string root, string name, SettingFaults faults)
    {
        // Asked first: an exception costs more than all else here, and comes before the first frame.
        if (!Path.Exists(root + name))
        {
            return [];
        }

        byte[] buffer = new byte[FirstBuffer];
        int length = 0;
        try
        {
            // Files of /proc have no length to ask for.
            using var file = new FileStream(root + name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            length = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, SettingsParser.MaxLength + 1);
                length += file.ReadAtLeast(buffer.AsSpan(length), buffer.Length - length, throwOnEndOfStream: false);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            faults.Add(name, "cannot be read; the defaults are used");
        }

        return buffer[..length];
    }
}
