// SPDX-License-Identifier: GPL-3.0-or-later
// How cards and keys are called wherever a person reads of them: `list` prints the same.
using System.Globalization;
using CardUnlock;

namespace UnlockControl.Enrolment;

internal static class Wording
{
    /// <summary>The name and the serial number, or what there is of them: "Ada Lovelace (0006 12345678)".</summary>
    public static string NameOf(CardReport card) => NameOf(card.Holder, card.Serial, card.Fingerprint);

    /// <summary>The same of a recipient.</summary>
    public static string NameOf(Recipient recipient) => NameOf(recipient.Name, recipient.Serial, recipient.Fingerprint);

    /// <summary>Several, as a sentence has them.</summary>
    public static string NamesOf(IEnumerable<Recipient> recipients)
    {
        string[] names = [.. recipients.Select(NameOf)];
        return names.Length < 2 ? string.Concat(names) : $"{string.Join(", ", names[..^1])} and {names[^1]}";
    }

    /// <summary>A key id as gpg prints it.</summary>
    public static string NameOf(ulong keyId) => keyId.ToString("X16", CultureInfo.InvariantCulture);

    /// <summary>"1 try left", "3 tries left"; empty where the card does not say.</summary>
    public static string TriesLeft(int? tries) => tries switch
    {
        null => "",
        1 => "1 try left",
        _ => string.Create(CultureInfo.InvariantCulture, $"{tries} tries left"),
    };

    /// <summary>"Keyslot 2", "Keyslots 2 and 3".</summary>
    public static string KeyslotsOf(IReadOnlyCollection<int> keyslots) =>
        $"Keyslot{(keyslots.Count == 1 ? "" : "s")} {string.Join(" and ", keyslots)}";

    private static string NameOf(string name, string serial, byte[] fingerprint)
    {
        const int KeyIdLength = 8;
        string number = serial.Length > 0 || fingerprint.Length < KeyIdLength
            ? serial
            : Convert.ToHexString(fingerprint.AsSpan(^KeyIdLength..));
        return name.Length > 0 ? $"{name} ({number})" : number;
    }
}
