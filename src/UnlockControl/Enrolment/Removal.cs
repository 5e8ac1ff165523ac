// SPDX-License-Identifier: GPL-3.0-or-later
// Which recipient a person means to take away: by the serial number, the name or the end of the fingerprint, as `list` prints them.
using CardUnlock;

namespace UnlockControl.Enrolment;

/// <summary>One recipient.</summary>
/// <param name="Name">In words.</param>
/// <param name="MissingKeyId">Where only the key id is known.</param>
internal sealed record Removal(string Name, Recipient? Recipient, ulong? MissingKeyId)
{
    private const int LeastDigits = 4;

    /// <exception cref="Refusal">None, or several.</exception>
    public static Removal Find(StoredKeys stored, string text)
    {
        string digits = WithoutBlanks(text);
        Removal[] found =
        [
            .. stored.Recipients.Where(recipient => IsMeant(recipient, text, digits))
                .Select(static recipient => new Removal(Wording.NameOf(recipient), recipient, null)),
            .. stored.Missing.Where(keyId => keyId != 0 && IsEnd(Wording.NameOf(keyId), digits))
                .Select(static keyId => new Removal("The key " + Wording.NameOf(keyId), null, keyId)),
        ];
        return found switch
        {
            [var one] => one,
            [] => throw new Refusal(ExitCode.Usage, $"No card of this volume is called \"{text}\": it has "
                + $"{Wording.NamesOf(stored.Recipients)}."),
            _ => throw new Refusal(ExitCode.Usage, $"\"{text}\" could be "
                + $"{string.Join(" or ", found.Select(static one => one.Name))}: say its "
                + "serial number or more of its fingerprint."),
        };
    }

    public bool Takes(Recipient recipient) => Recipient is not null && NewKey.IsSame(Recipient.Fingerprint, recipient.Fingerprint);

    private static bool IsMeant(Recipient recipient, string text, string digits) =>
        string.Equals(recipient.Name, text, StringComparison.OrdinalIgnoreCase)
        || string.Equals(Wording.NameOf(recipient), text, StringComparison.OrdinalIgnoreCase)
        || IsEnd(WithoutBlanks(recipient.Serial), digits)
        || IsEnd(Convert.ToHexString(recipient.Fingerprint), digits);

    private static bool IsEnd(string whole, string digits) =>
        digits.Length >= LeastDigits && whole.EndsWith(digits, StringComparison.OrdinalIgnoreCase);

    private static string WithoutBlanks(string text) =>
        text.Replace(" ", "", StringComparison.Ordinal).Replace(":", "", StringComparison.Ordinal);
}
