// SPDX-License-Identifier: GPL-3.0-or-later
// A boot with gpg as Debian has it: the keyscript decrypt_gnupg-sc of the package cryptsetup, as it is installed. It learns the card
// (gpg --card-status), then decrypts. Its home is what the package's hook makes: public keys and nothing else, each time anew.

using CardSimulator;

namespace CardBench;

internal sealed partial class CardLab
{
    private const string BootScript = "/lib/cryptsetup/scripts/decrypt_gnupg-sc";

    // Types the PIN in no time; a real one opens a terminal first.
    private const string Pinentry = $"""
        #!/bin/sh
        echo OK
        while read -r command rest; do
            case $command in
                GETPIN) echo "D {Pin}"; echo OK ;;
                BYE) echo OK; exit ;;
                *) echo OK ;;
            esac
        done

        """;

    private readonly string bootHome;

    /// <summary>One run of Debian's script from its start to the key, in milliseconds.</summary>
    public double DecryptByBootScript()
    {
        string folder = Directory.CreateTempSubdirectory("b-").FullName;
        foreach (string file in Directory.EnumerateFiles(bootHome))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        try
        {
            return TimeOf(folder, "", BootScript, message);
        }
        finally
        {
            EndGpg(folder);
            Directory.Delete(folder, recursive: true);
        }
    }

    private string NewBootHome(string fingerprint)
    {
        string publicKey = Path.Combine(home.Folder, "public");
        home.Expect("--output", publicKey, "--export", fingerprint);
        using var boot = new GpgHome(daemon);
        boot.Expect("--no-autostart", "--import", publicKey);
        string folder = Directory.CreateTempSubdirectory("b-").FullName;
        File.Copy(Path.Combine(boot.Folder, "pubring.kbx"), Path.Combine(folder, "pubring.kbx"));
        string pinentry = Path.Combine(folder, "pinentry");
        File.WriteAllText(pinentry, Pinentry);
        File.SetUnixFileMode(pinentry, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.WriteAllText(Path.Combine(folder, "gpg-agent.conf"), $"pinentry-program {pinentry}\n");
        File.Copy(Path.Combine(boot.Folder, "scdaemon.conf"), Path.Combine(folder, "scdaemon.conf"));
        return folder;
    }
}
