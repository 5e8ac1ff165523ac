// SPDX-License-Identifier: GPL-3.0-or-later
// A person's choices as one line of text, for the next screen of the same boot: colours, language, keyboard. Pure.
using UnlockAgent.Machine;

namespace UnlockAgent.Configuration;

internal static class ChoicesText
{
    /// <summary>The line.</summary>
    public static string ToText(this Choices choices) => $"{Codes.Of(choices.Theme)} {choices.Language} {choices.Keyboard}\n";

    /// <summary>The choices of a line; null where it is not one that was written here.</summary>
    public static Choices? Parse(string text) =>
        text.TrimEnd('\n').Split(' ') is [var name, var language, var keyboard] && Codes.Theme(name) is { } theme
            && Codes.Languages.Contains(language) && Codes.Keyboards.Contains(keyboard)
            ? new(theme, language, keyboard)
            : null;
}
