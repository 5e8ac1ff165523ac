// SPDX-License-Identifier: GPL-3.0-or-later
//
// An image without the agent whose root is opened by the same card through cryptsetup's own keyscript decrypt_gnupg-sc: gpg, gpg-agent,
// scdaemon and pinentry-curses, as README.gnupg-sc of Debian's cryptsetup says it is set up.

namespace EmulatedPhone;

public sealed partial record PhoneImage
{
    private const string GnuPgPackages = "gpg,gpg-agent,scdaemon,pinentry-curses", GnuPgKeyFilePath = "/etc/keys/root.gpg";

    /// <summary>An image that asks for the card's PIN with pinentry-curses on the text console.</summary>
    /// <param name="suite">"bookworm": trixie's pcscd turns every client away where polkit does not run, unless it is told not to ask.</param>
    /// <param name="keys">The encrypted key file that goes into the image, and whom it is for.</param>
    public static PhoneImage WithGnuPg(string suite, KeySet keys) =>
        Make(
            suite,
            "gnupg",
            $"{LuksDisk.MappingName} UUID={LuksDisk.Uuid} {GnuPgKeyFilePath} luks,initramfs,keyscript=decrypt_gnupg-sc\n",
            new() { [GnuPgKeyFilePath] = keys.KeyFile, ["/etc/cryptsetup-initramfs/pubring.gpg"] = keys.PublicKey },
            agent: false,
            packages: GnuPgPackages);
}
