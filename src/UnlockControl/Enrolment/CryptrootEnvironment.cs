// SPDX-License-Identifier: GPL-3.0-or-later
// What Debian's cryptroot script tells a keyscript (crypttab(5), and crypttab_parse_options in /lib/cryptsetup/functions).
using UnlockControl.Volumes;

namespace UnlockControl.Enrolment;

internal static class CryptrootEnvironment
{
    /// <summary>The variables of a first try.</summary>
    /// <param name="device">The entry's device, found.</param>
    public static IReadOnlyDictionary<string, string> Of(CrypttabEntry entry, string device)
    {
        Dictionary<string, string> variables = new()
        {
            ["CRYPTTAB_NAME"] = entry.Name,
            ["CRYPTTAB_SOURCE"] = device,
            ["CRYPTTAB_KEY"] = entry.Key,
            ["CRYPTTAB_OPTIONS"] = string.Join(',', entry.Options),
            ["CRYPTTAB_TRIED"] = "0",
        };
        foreach (string option in entry.Options)
        {
            // "luks" is yes; "tries=3" has a value; a dash cannot stand in a variable's name.
            string[] parts = option.Split('=', 2);
            variables["CRYPTTAB_OPTION_" + parts[0].Replace('-', '_')] = parts.Length > 1 ? parts[1] : "yes";
        }

        return variables;
    }
}
