// SPDX-License-Identifier: GPL-3.0-or-later
// /etc/crypttab (crypttab(5)): read, changed line by line so that every other byte stays, shown as a diff, replaced in one rename.
// Held a character for each byte, so that what is no UTF-8 survives too.
using System.Text;

namespace UnlockControl.Volumes;

/// <summary>A line that names a volume.</summary>
/// <param name="Line">0-based.</param>
/// <param name="Options">As they are written, still escaped.</param>
internal sealed record CrypttabEntry(int Line, string Name, string Source, string Key, IReadOnlyList<string> Options)
{
    /// <summary>Its keyscript is unlock-agent, by name or by path.</summary>
    public bool IsOurs => CrypttabOptions.IsOurScript(CrypttabOptions.Value(Options, "keyscript"));

    /// <summary>Option header=, or null.</summary>
    public string? Header => CrypttabOptions.Value(Options, "header");

    /// <summary>What <see cref="Source"/> names (UUID=, PARTUUID=, LABEL=, PARTLABEL=, a path); null: not there.</summary>
    public string? Device => BlockDevices.Resolve(Source);
}

/// <summary>One version of the file; immutable.</summary>
internal sealed partial class Crypttab
{
    public const string Path = "/etc/crypttab";

    private readonly string[] _lines;

    /// <summary>What the file held when it was read, for <see cref="Save"/> to compare; null: it was not read.</summary>
    private readonly string? _read;

    private Crypttab(string raw, string? read)
    {
        _lines = raw.Split('\n');
        _read = read;
        Entries = [.. _lines.Select(ToEntry).OfType<CrypttabEntry>()];
    }

    public string Text => Decode(Raw);

    public IReadOnlyList<CrypttabEntry> Entries { get; }

    private string Raw => string.Join('\n', _lines);

    public static Crypttab Parse(string text) => new(Encode(text), null);

    /// <summary>A file that is not there is empty.</summary>
    public static Crypttab Read(string path = Path)
    {
        string raw = File.Exists(path) ? Encoding.Latin1.GetString(File.ReadAllBytes(path)) : "";
        return new Crypttab(raw, raw);
    }

    /// <summary>
    /// The same with that entry opened by the agent: key field, luks, initramfs, keyscript=unlock-agent; comments, blanks and other
    /// options stay.
    /// </summary>
    /// <param name="key">"none", or the path of the key file.</param>
    /// <exception cref="StepException">The line has what cannot stand beside a card.</exception>
    public Crypttab WithAgent(CrypttabEntry entry, string key)
    {
        CrypttabLine line = LineOf(entry);
        RefuseTail(entry, line);
        return With(entry, line, CrypttabLine.Escape(Encode(key)), CrypttabOptions.WithAgent(entry.Name, SplitOptions(line)));
    }

    /// <summary>The same with that entry opened by a passphrase as Debian asks for it: key field none, no keyscript of ours.</summary>
    public Crypttab WithoutAgent(CrypttabEntry entry)
    {
        if (!entry.IsOurs)
        {
            return this;
        }

        CrypttabLine line = LineOf(entry);
        return With(entry, line, "none", CrypttabOptions.WithoutAgent(SplitOptions(line)));
    }

    /// <summary>A unified diff to <paramref name="after"/>; empty where nothing differs.</summary>
    public string DiffTo(Crypttab after) => UnifiedDiff.Make(Text, after.Text, Path, Path);

    private static string Encode(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));

    private static string Decode(string raw) => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(raw));

    private static List<string> SplitOptions(CrypttabLine line) =>
        [.. line.Options.Split(',', StringSplitOptions.RemoveEmptyEntries)];

    private static CrypttabEntry? ToEntry(string text, int number)
    {
        // Debian would read the carriage return as part of the last field: that is said when the line is changed,
        // and not when it is listed.
        if (CrypttabLine.Parse(text.TrimEnd('\r')) is not { } line)
        {
            return null;
        }

        static string Field(string field) => Decode(CrypttabLine.Unescape(field));
        return new CrypttabEntry(number, Field(line.Name), Field(line.Source), Field(line.Key), [.. SplitOptions(line).Select(Decode)]);
    }

    private static void RefuseTail(CrypttabEntry entry, CrypttabLine line)
    {
        if (line.ToString().EndsWith('\r'))
        {
            throw new StepException($"{entry.Name}: its line in crypttab ends in a carriage return, which Debian reads "
                + $"as part of the last option. Take these out (sed -i 's/\\r$//' {Path}), then try again.");
        }

        if (line.Tail.Trim(' ', '\t').Length > 0)
        {
            throw new StepException($"{entry.Name}: its line in crypttab goes on after the options, which Debian reads "
                + "as part of the last option. Give the comment a line of its own, then try again.");
        }
    }

    private CrypttabLine LineOf(CrypttabEntry entry) =>
        (entry.Line < _lines.Length ? CrypttabLine.Parse(_lines[entry.Line]) : null) is { } line
            && ToEntry(_lines[entry.Line], entry.Line)!.Name == entry.Name
            ? line
            : throw new ArgumentException("An entry of another file.", nameof(entry));

    private Crypttab With(CrypttabEntry entry, CrypttabLine line, string key, IEnumerable<string> options)
    {
        string gap = line.Gap3.Length > 0 ? line.Gap3 : line.Gap2;
        string[] lines = [.. _lines];
        lines[entry.Line] = (line with { Key = key, Gap3 = gap, Options = string.Join(',', options) }).ToString();

        // The shell's read passes over a last line without its newline, and so does Debian.
        string end = entry.Line == lines.Length - 1 ? "\n" : "";
        return new Crypttab(string.Join('\n', lines) + end, _read);
    }
}
