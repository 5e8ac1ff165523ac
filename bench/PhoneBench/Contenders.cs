// SPDX-License-Identifier: GPL-3.0-or-later
//
// All who are measured, and who is compared with whom.

using EmulatedPhone;
using UnlockAgent.Screen;

namespace PhoneBench;

internal static class Contenders
{
    public static IReadOnlyList<Contender> All { get; } =
    [
        .. ((string[])["bookworm", "trixie"]).SelectMany(suite => (Contender[])
        [
            new("no unlocker", suite, _ => PhoneImage.WithoutUnlocker(suite), "/scripts/init-premount/test-shell", [], null),
            new("askpass", suite, _ => PhoneImage.WithTextPrompt(suite, alone: true), "/lib/cryptsetup/askpass", ["askpass"], new Keyboard(null)),
            new("unlock-agent", suite, keys => PhoneImage.WithAgent(suite, keys.KeyFile, alone: true), "/usr/lib/unlock-agent/unlock-agent", ["unlock-agent", "pcscd"], new Finger(KeyOfPad))
            {
                UsesCard = true,
            },
        ]),
        new("decrypt_gnupg-sc", "bookworm", keys => PhoneImage.WithGnuPg("bookworm", keys), "/lib/cryptsetup/scripts/decrypt_gnupg-sc", ["gpg", "gpg-agent", "scdaemon", "pinentry-curses", "pcscd"], new Keyboard(WholeScreen))
        {
            UsesCard = true,
        },
        new("unl0kr", "trixie", _ => PhoneImage.WithUnl0kr(), "/usr/bin/unl0kr", ["unl0kr"], new Finger(KeyOfUnl0kr)),
        new("plymouth", "trixie", _ => PhoneImage.WithPlymouth("trixie"), "/sbin/plymouthd", ["plymouthd", "plymouth"], new Keyboard(WholeScreen)) { Words = "splash" },
    ];

    // unl0kr's keyboard on a screen of 720×1440, as a screenshot shows it.
    private static Box KeyOfUnl0kr(Phone phone, char key) => throw new NotImplementedException();

    private static Box WholeScreen(Phone phone) => new(0, 0, phone.Width, phone.Height);

    private static Box KeyOfPad(Phone phone, char key) => PadScreen.Pin(3).BoxFor(key, phone.Width, phone.Height);
}
