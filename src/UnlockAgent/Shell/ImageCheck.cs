// SPDX-License-Identifier: GPL-3.0-or-later
// --check: what a boot would miss, found while the initramfs is built. Run inside the image, where no screen,
// no card and maybe no /proc is.
using CardUnlock;
using UnlockAgent.Machine;
using UnlockAgent.Screen;

namespace UnlockAgent.Shell;

internal static class ImageCheck
{
    private static readonly string[] PcscdPlaces = ["/usr/sbin/pcscd", "/sbin/pcscd"];
    private const string UsbDriver = "/usr/lib/pcsc/drivers/ifd-ccid.bundle/Contents/Info.plist";

    /// <summary>Prints each thing that is missing to stderr.</summary>
    /// <returns>True where nothing is.</returns>
    public static bool Run(ReadOnlySpan<string> keyFiles)
    {
        var faults = new List<string>();
        CheckDrawing(faults);
        CheckCard(faults);
        foreach (string keyFile in keyFiles)
        {
            var fault = KeyFile.Read(keyFile, out _);
            if (fault != KeyFileFault.None)
            {
                faults.Add($"{keyFile}: {Texts.KeyFile(fault)}");
            }
        }

        foreach (string fault in faults)
        {
            Console.Error.WriteLine("unlock-agent: " + fault);
        }

        return faults.Count == 0;
    }

    private static void CheckDrawing(List<string> faults)
    {
        try
        {
            using var renderer = new PadRenderer(720, 1440);
            renderer.Draw(AgentMachine.Start("check", KeyFileFault.None, Notice.None));
        }
        catch (Exception e) when (e is InvalidOperationException or TypeInitializationException or DllNotFoundException)
        {
            faults.Add("the screen cannot be drawn: " + (e.InnerException ?? e).Message);
        }
    }

    private static void CheckCard(List<string> faults)
    {
        if (CardMonitor.MissingLibrary is { } reason)
        {
            faults.Add(reason);
        }

        if (!PcscdPlaces.Any(File.Exists))
        {
            faults.Add("the smart card service pcscd is missing");
        }

        // A link that points nowhere leaves pcscd running without USB readers, and says so nowhere but in its log.
        if (!File.Exists(UsbDriver))
        {
            faults.Add(UsbDriver + " is missing: USB readers would not be found");
        }
    }
}
