// SPDX-License-Identifier: GPL-3.0-or-later
// Reads settings from the configuration file (a key, an equals sign and a value on a line; # begins a comment line) and from the
// kernel command line (unlock-agent.KEY=VALUE). Pure; whatever is wrong is named and passed over.
using System.Text;

namespace UnlockAgent.Configuration;

internal static class SettingsParser
{
    /// <summary>The most bytes that are read of a file.</summary>
    public const int MaxLength = 64 << 10;

    /// <summary>The most bytes of a line.</summary>
    public const int MaxLineLength = 1024;

    private const string CommandLine = "the kernel command line";

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Takes over what a file says.</summary>
    /// <param name="file">UTF-8, with or without a byte order mark, lines ended in LF or CR LF.</param>
    /// <param name="name">The file's name, for the faults.</param>
    /// <param name="start">What the file changes.</param>
    /// <param name="faults">Gets a sentence for each thing that is wrong.</param>
    public static Settings ParseFile(ReadOnlySpan<byte> file, string name, Settings start, SettingFaults faults)
    {
        if (file.Length > MaxLength)
        {
            faults.Add(name, "is longer than 64 KiB; the rest is not read");
            file = file[..(file[..MaxLength].LastIndexOf((byte)'\n') + 1)];
        }

        file = file.StartsWith(Encoding.UTF8.Preamble) ? file[Encoding.UTF8.Preamble.Length..] : file;
        var seen = new Dictionary<string, int>();
        int number = 0;
        foreach (var range in file.Split((byte)'\n'))
        {
            number++;
            var line = file[range].Trim(" \t\r\v\f"u8);
            if (!line.IsEmpty && line[0] != '#')
            {
                start = TakeLine(line, $"{name}, line {number}", number, seen, start, faults);
            }
        }

        return start;
    }

    /// <summary>Takes over what the kernel command line says; what is meant for others is left alone.</summary>
    /// <param name="line">The content of /proc/cmdline.</param>
    /// <param name="start">What it changes.</param>
    /// <param name="faults">Gets a sentence for each thing that is wrong.</param>
    public static Settings ParseCommandLine(ReadOnlySpan<byte> line, Settings start, SettingFaults faults)
    {
        while (TryNextArgument(ref line, out var parameter, out var value))
        {
            if (parameter.Length > "unlock-agent."u8.Length
                && Name(parameter[..12]) == "unlock-agent" && parameter[12] == '.')
            {
                start = Take(Name(parameter[13..]), Text(value), CommandLine, start, faults);
            }
        }

        return start;
    }

    private static Settings TakeLine(
        ReadOnlySpan<byte> line, string place, int number, Dictionary<string, int> seen, Settings start, SettingFaults faults)
    {
        if (line.Length > MaxLineLength)
        {
            faults.Add(place, "is longer than 1024 bytes; it is ignored");
            return start;
        }

        int equals = line.IndexOf((byte)'=');
        if (equals < 0)
        {
            string shown = SettingFaults.Quote(Encoding.UTF8.GetString(line));
            faults.Add(place, $"{shown} is not a key, an equals sign and a value; it is ignored");
            return start;
        }

        string key = Name(line[..equals].Trim(" \t"u8));
        if (!seen.TryAdd(key, number) && SettingKey.Find(key) is not null)
        {
            faults.Add(place, $"{key} stands in line {seen[key]} already; the last one counts");
        }

        return Take(key, Text(WithoutQuotes(line[(equals + 1)..].Trim(" \t"u8))), place, start, faults);
    }

    private static Settings Take(string name, string? value, string place, Settings start, SettingFaults faults)
    {
        if (SettingKey.Find(name) is not { } key)
        {
            faults.Add(place, $"{SettingFaults.Quote(name)} is no key that is known; it is ignored");
            return start;
        }

        if (value is not null && key.Take(start, value) is { } taken)
        {
            return taken;
        }

        string shown = value is null ? "something that is no UTF-8 text" : SettingFaults.Quote(value);
        bool overrides = place == CommandLine;
        faults.Add(place, $"{name} cannot be {shown} ({key.Values}); the {(overrides ? "file's value or the " : "")}default is used");
        return overrides ? start : key.Reset(start);
    }

    /// <summary>Hyphens and underscores are the same in the kernel's parameters, and so everywhere here.</summary>
    private static string Name(ReadOnlySpan<byte> name) => Encoding.UTF8.GetString(name).Replace('_', '-');

    private static string? Text(ReadOnlySpan<byte> value)
    {
        try
        {
            return Strict.GetString(value);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static ReadOnlySpan<byte> WithoutQuotes(ReadOnlySpan<byte> value) =>
        value is [(byte)'"' or (byte)'\'', .., var last] && last == value[0] ? value[1..^1] : value;

    /// <summary>
    /// One parameter, as the kernel's own next_arg takes it: quotes keep blanks together, around the value or around all of it, and
    /// cannot be escaped.
    /// </summary>
    private static bool TryNextArgument(ref ReadOnlySpan<byte> line, out ReadOnlySpan<byte> parameter, out ReadOnlySpan<byte> value)
    {
        line = line.TrimStart(" \t\r\n\v\f\0"u8);
        bool isQuoted = line is [(byte)'"', ..], inQuotes = isQuoted;
        int start = isQuoted ? 1 : 0, equals = -1, end = start;
        for (; end < line.Length && (inQuotes || !" \t\r\n\v\f\0"u8.Contains(line[end])); end++)
        {
            equals = equals < 0 && line[end] == '=' ? end : equals;
            inQuotes ^= line[end] == '"';
        }

        int stop = isQuoted && end > start && line[end - 1] == '"' ? end - 1 : end;
        parameter = line[start..(equals < 0 ? stop : equals)];
        value = equals < 0 ? default : line[(equals + 1)..Math.Max(stop, equals + 1)];
        if (value is [(byte)'"', ..])
        {
            value = value is [_, .., (byte)'"'] ? value[1..^1] : value[1..];
        }

        bool any = end > 0;
        line = line[end..];
        return any;
    }
}
