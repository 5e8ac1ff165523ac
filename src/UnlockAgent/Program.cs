// SPDX-License-Identifier: GPL-3.0-or-later
// The command line. As a Debian keyscript (crypttab(5)): the key's exact bytes to stdout and exit 0, or nothing and not 0.
using CardUnlock;
using Framebuffer;
using UnlockAgent.Shell;

const int Success = 0;
const int Failure = 1;
const int Usage = 2;

return args switch
{
    ["--check", .. var keys] => ImageCheck.Run(keys) ? Success : Failure,
    ["--restore-console"] => RestoreConsole(),
    ["--restore-keyboard"] => RestoreKeyboard(),
    ["--release-card"] => ReleaseCard(),
    ["--preview", .. var options] => WritePreview(options),
    ["--or-stdin", var key] => Keyscript.Run(key, takesRemote: true) ? Success : Failure,
    [var key] when !key.StartsWith('-') => Keyscript.Run(key) ? Success : Failure,
    _ => ShowUsage(),
};

static int RestoreConsole()
{
    VirtualTerminal.RestoreText();
    Stage.RestoreLight();
    return Success;
}

static int RestoreKeyboard()
{
    VirtualTerminal.RestoreKeyboard();
    return Success;
}

static int ReleaseCard()
{
    CardMonitor.PowerDown();
    return Success;
}

static int WritePreview(string[] options)
{
    var preview = Preview.Parse(options, out string fault);
    if (preview is null)
    {
        Console.Error.WriteLine("unlock-agent: " + fault);
        return Usage;
    }

    try
    {
        preview.Write();
        return Success;
    }
    catch (Exception e) when (e is IOException or UnauthorizedAccessException)
    {
        Console.Error.WriteLine($"unlock-agent: no pictures can be written to {preview.Folder}.");
        return Failure;
    }
}

static int ShowUsage()
{
    Console.Error.WriteLine(
        """
        usage: unlock-agent [--or-stdin] KEY    ask on the screen, write the disk's key to stdout (a keyscript for crypttab)
                                                or, with --or-stdin, what comes from stdin before that
               unlock-agent --check [KEY…]      see whether this system holds all that a boot needs
               unlock-agent --preview DIR [--size WxH] [--dpi N] [--theme dark|light|high-contrast] [--language CODE]
                                    [--keyboard NAME] [--rotate 0|90|180|270]
                                                write a PNG picture of every screen
               unlock-agent --restore-console   bring the text console back
               unlock-agent --restore-keyboard  let the console have its keyboard back, and leave the picture
               unlock-agent --release-card      reset every card and take its power

        KEY is the path of a key file, or "none": the keys are tokens in the LUKS2 header of the disk that CRYPTTAB_SOURCE names.
        """);
    return Usage;
}
