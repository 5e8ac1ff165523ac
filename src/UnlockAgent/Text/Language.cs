// SPDX-License-Identifier: GPL-3.0-or-later
// A language is data: one text for each phrase, and the form that a number wants. The texts are UTF-8 in the program's
// read-only data, and become strings when they are asked for: of the languages that nobody reads, nothing is made.
namespace UnlockAgent.Text;

/// <summary>The form of a noun that a number wants, as CLDR names them; many stands also for "other".</summary>
internal enum PluralForm
{
    One,
    Few,
    Many,
}

/// <summary>A language of the screen.</summary>
/// <param name="code">As de or zh_CN.</param>
/// <param name="name">What the people who speak it call it.</param>
internal abstract class Language(string code, string name)
{
    private string?[]? made;

    /// <summary>As de or zh_CN.</summary>
    public string Code { get; } = code;

    /// <summary>What the people who speak it call it, in their script.</summary>
    public string Name { get; } = name;

    /// <summary>A phrase's text, holes and all.</summary>
    public string this[Phrase phrase]
    {
        get
        {
            made ??= new string?[(int)Phrase.UnreadableHeader + 1];
            return made[(int)phrase] ??= System.Text.Encoding.UTF8.GetString(Utf8(phrase));
        }
    }

    /// <summary>A phrase's text with its first hole filled.</summary>
    public string With(Phrase phrase, string first) => this[phrase].Replace("{0}", first, StringComparison.Ordinal);

    /// <summary>A phrase's text with both holes filled.</summary>
    public string With(Phrase phrase, string first, string second)
    {
        // A name may hold braces: what is filled in is never looked at again.
        string text = this[phrase];
        int one = text.IndexOf("{0}", StringComparison.Ordinal), two = text.IndexOf("{1}", StringComparison.Ordinal);
        return one < two
            ? string.Concat(text.AsSpan(0, one), first, text.AsSpan((one + 3)..two), string.Concat(second, text.AsSpan(two + 3)))
            : string.Concat(text.AsSpan(0, two), second, text.AsSpan((two + 3)..one), string.Concat(first, text.AsSpan(one + 3)));
    }

    /// <summary>The form that a number of things wants, which is 0 or more.</summary>
    public virtual PluralForm FormOf(int number) => number == 1 ? PluralForm.One : PluralForm.Many;

    /// <summary>As Russian and Ukrainian count: 1, 21, 31…; 2 to 4, 22 to 24…; and all others.</summary>
    protected static PluralForm EastSlavicFormOf(int number) => (number % 10, number % 100) switch
    {
        (1, not 11) => PluralForm.One,
        (>= 2 and <= 4, not (>= 12 and <= 14)) => PluralForm.Few,
        _ => PluralForm.Many,
    };

    /// <summary>A phrase's text in UTF-8; the compiler misses none.</summary>
    protected abstract ReadOnlySpan<byte> Utf8(Phrase phrase);
}
