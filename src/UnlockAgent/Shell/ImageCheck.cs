// SPDX-License-Identifier: GPL-3.0-or-later
// --check: what a boot would miss, found while the initramfs is built. Run inside the image, where no screen,
// no card and maybe no /proc is.
using CardUnlock;
using UnlockAgent.Configuration;
using UnlockAgent.Machine;
using UnlockAgent.Screen;
using UnlockAgent.Text;

namespace UnlockAgent.Shell;

internal static class ImageCheck
{
    private const string Pcscd = "/usr/lib/unlock-agent/pcscd";
    private const string UsbDrivers = "/usr/lib/pcsc/drivers";
    private const string SerialReaders = "/etc/reader.conf.d";

    /// <summary>Prints each thing that is missing to stderr, and what is wrong in the configuration, which fails no boot.</summary>
    /// <returns>True where nothing is.</returns>
    /// <param name="keyFields">The third fields of crypttab.</param>
    public static bool Run(ReadOnlySpan<string> keyFields)
    {
        var faults = new List<string>();
        CheckDrawing(faults);
        CheckCard(faults);
        foreach (string keyField in keyFields)
        {
            CheckKey(keyField, faults);
        }

        foreach (string warning in ConfigurationWarnings())
        {
            Console.Error.WriteLine("unlock-agent: warning: " + warning);
        }

        foreach (string fault in faults)
        {
            Console.Error.WriteLine("unlock-agent: " + fault);
        }

        return faults.Count == 0;
    }

    /// <summary>The kernel command line is that of the system that builds the image, and says nothing of a boot of it.</summary>
    /// <param name="root">In front of every path, for tests.</param>
    internal static IReadOnlyList<string> ConfigurationWarnings(string root = "")
    {
        var configured = SettingsReader.Read(root, withCommandLine: false);
        if (configured.Settings.Logo is not { } logo)
        {
            return configured.Faults;
        }

        using var picture = OwnerPicture.Load(root + logo, new Viewport(720, 1440), out string refusal);
        return picture is null ? [.. configured.Faults, refusal] : configured.Faults;
    }

    /// <summary>The disk that has the tokens is no part of the image.</summary>
    private static void CheckKey(string keyField, List<string> faults)
    {
        if (keyField == KeySource.None)
        {
            if (!File.Exists(HeaderTokens.Cryptsetup))
            {
                faults.Add($"{HeaderTokens.Cryptsetup}, which reads the disk's header, is missing");
            }

            return;
        }

        var fault = KeyFile.Read(keyField, out _);
        if (fault != KeyFileFault.None)
        {
            faults.Add($"{keyField}: {Messages.KeyFile(fault, Languages.English)}");
        }
    }

    private static void CheckDrawing(List<string> faults)
    {
        try
        {
            using var renderer = new PadRenderer(720, 1440);
            renderer.Draw(AgentMachine.Start("check", Notice.None));
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

        if (!File.Exists(Pcscd))
        {
            faults.Add($"the smart card service {Pcscd} is missing");
        }

        CheckDrivers(faults);
    }

    /// <summary>A driver whose Info.plist is a link to nowhere leaves pcscd without readers, and only its log says so.</summary>
    private static void CheckDrivers(List<string> faults)
    {
        string[] bundles = Directory.Exists(UsbDrivers) ? Directory.GetDirectories(UsbDrivers, "*.bundle") : [];
        foreach (string bundle in bundles)
        {
            string plist = Path.Combine(bundle, "Contents", "Info.plist");
            if (!File.Exists(plist))
            {
                faults.Add($"{plist} is missing: its readers would not be found");
            }
        }

        if (bundles.Length == 0 && !(Directory.Exists(SerialReaders) && Directory.EnumerateFiles(SerialReaders).Any()))
        {
            faults.Add("no card reader has a driver");
        }
    }
}
