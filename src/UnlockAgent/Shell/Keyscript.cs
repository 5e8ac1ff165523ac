// SPDX-License-Identifier: GPL-3.0-or-later
// One try to open a disk: the first frame as early as can be, then the loop, then the key to stdout in one write(2).
using System.Globalization;
using CardUnlock;
using Framebuffer;
using Input;
using Microsoft.Win32.SafeHandles;
using UnlockAgent.Configuration;
using UnlockAgent.Machine;
using UnlockAgent.Native;

namespace UnlockAgent.Shell;

internal static class Keyscript
{
    // The card thread still asks for something public once the key is out (CardMonitor.CoverTraces), and nobody else gets the card meanwhile.
    private const int ReleaseMilliseconds = 2000;

    private const int StandardInput = 0, StandardOutput = 1;

    /// <summary>Asks the person, and writes the key's exact bytes to stdout.</summary>
    /// <returns>False where the screen or the input failed: nothing was written, and a text prompt must take over.</returns>
    /// <param name="keyField">crypttab's third field: the key file's path, or none.</param>
    /// <param name="takesRemote">Whether stdin may bring a passphrase that is typed elsewhere.</param>
    public static bool Run(string keyField, bool takesRemote = false)
    {
        Libc.ForbidDumps();

        // Before there is a second thread. Two that need the run-time's settings for the first time at the same moment can wait for each
        // other for ever, in a native program: what makes the settings takes locks, and the first lock that is waited for reads a setting.
        _ = AppContext.GetData(nameof(Keyscript));
        var environment = KeyscriptEnvironment.Read();

        // The card thread reads the key file and connects to pcscd while this one draws.
        var keys = new KeySource(keyField, environment.HeaderDevice);
        using var card = new CardThread(keys);
        try
        {
            using var stdin = takesRemote ? new SafeFileHandle(StandardInput, ownsHandle: false) : null;
            using var remote = stdin is null ? null : new RemotePassphrase(stdin);
            return Ask(environment, SettingsReader.Read(), keys, card, remote);
        }
        catch (Exception e) when (e is FramebufferException or InputException)
        {
            Log.Write(e.Message);
            return false;
        }
    }

    private static bool Ask(
        KeyscriptEnvironment environment, Configured configured, KeySource keys, CardThread card, RemotePassphrase? remote)
    {
        var settings = configured.Settings;
        var start = AgentMachine.Start(environment.Volume, environment.Earlier) with
        {
            Choices = KeyscriptEnvironment.ReadChoices() ?? configured.FirstChoices,
            Keyboards = settings.Keyboards,
        };
        using var stage = Stage.Open(settings);
        stage.BeginInput();
        using var terminal = VirtualTerminal.TryTakeOver();
        stage.TryShow(start, default);
        keys.FramePresented();
        LogFirstFrame();
        foreach (string fault in configured.Faults)
        {
            Log.Write(fault);
        }

        stage.OpenInput();
        using var loop = new UnlockLoop(start, settings, stage, card, remote: remote);
        var end = loop.Run();
        if (end != LoopEnd.Key)
        {
            stage.Blank();
            card.Dispose();
            Shutdown.Run(end);
            return false;
        }

        using var key = loop.TakeKey();
        if (!environment.LeaveTrace(loop.Origin, loop.State.Choices) && loop.Origin == KeyOrigin.Card)
        {
            // A card that is still verified is asked without a person. Were its key refused, a next try that does not know so would do the
            // same again, and leave no moment for a passphrase: so that one needs the PIN.
            card.End(ReleaseMilliseconds);
            CardMonitor.PowerDown();
        }

        if (!HandOver(key))
        {
            environment.WithdrawTrace();
            return false;
        }

        LateClosing.Leave();
        terminal?.LeaveTaken();
        stage.KeepPicture();
        return true;
    }

    /// <summary>One write(2) of the whole key: an empty pipe takes 64 KiB at once.</summary>
    private static bool HandOver(SecretBuffer key)
    {
        using var stdout = new SafeFileHandle(StandardOutput, ownsHandle: false);
        using var stream = new FileStream(stdout, FileAccess.Write, bufferSize: 0);
        try
        {
            stream.Write(key.Span);
            return true;
        }
        catch (IOException e)
        {
            Log.Write("the key could not be handed over: " + e.Message);
            return false;
        }
    }

    /// <summary>Field 22 of /proc/self/stat is this process' start in ticks of 10 ms since boot (proc(5)).</summary>
    private static void LogFirstFrame()
    {
        const int StartField = 22, ExecutableField = 2, TickMilliseconds = 10;
        string stat = File.ReadAllText("/proc/self/stat");
        string[] afterName = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        long start = long.Parse(afterName[StartField - ExecutableField - 1], CultureInfo.InvariantCulture) * TickMilliseconds;
        string uptime = File.ReadAllText("/proc/uptime");
        double now = double.Parse(uptime[..uptime.IndexOf(' ')], CultureInfo.InvariantCulture) * 1000;
        Log.Write(string.Create(CultureInfo.InvariantCulture, $"first frame after {now - start:F0} ms"));
    }
}
