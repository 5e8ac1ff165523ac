// SPDX-License-Identifier: GPL-3.0-or-later
// test: the agent as a boot runs it (crypttab(5), cryptroot), its stdout in cryptsetup's stdin, on a virtual terminal of its own. The disk
// is tried and not opened.
using System.Diagnostics;
using System.Globalization;
using CardUnlock;

namespace UnlockControl.Enrolment;

internal sealed class AgentTrial(Job job)
{
    private const string Agent = "/usr/lib/unlock-agent/unlock-agent";
    private const string Cryptsetup = "/sbin/cryptsetup";

    // The key goes from the one program to the other through a pipe of their own. What both came to, and the keyslot, go to our end.
    internal const string Script = """
        exec 3>&1
        { "$1" "$2" 3>&-; echo "agent $?" >&3; } |
            LC_ALL=C "$3" open --test-passphrase --verbose --key-file - ${5:+--header "$5"} -- "$4" 2>&1
        echo "cryptsetup $?"
        """;

    public ExitCode Run()
    {
        if (!File.Exists(Agent))
        {
            throw new Refusal(ExitCode.Failure, $"{Agent} is missing: is the package unlock-agent installed?");
        }

        if (!job.Entry.IsOurs)
        {
            throw new Refusal(ExitCode.Usage, $"{job.Name} is not set up for a card: `unlockctl enroll {job.Name}` does that.");
        }

        string said = "";
        job.Work.Do($"Show the agent on a virtual terminal of its own, and try on {job.Name} what it hands over", () => said = Show());
        job.Work.Commit();
        return job.Options.DryRun ? ExitCode.Success : Judge(said);
    }

    private string Show()
    {
        try
        {
            using var terminal = OwnTerminal.Take();
            try
            {
                return RunAgent();
            }
            finally
            {
                // The agent's own way to bring the text back acts on the terminal that is shown, which is still its own.
                using var restore = Process.Start(Agent, "--restore-console");
                restore.WaitForExit();
            }
        }
        finally
        {
            CardMonitor.PowerDown();
        }
    }

    private string RunAgent()
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardOutput = true };
        string[] arguments = ["-c", Script, "sh", Agent, job.Entry.Key, Cryptsetup, job.Volume.Device, job.Entry.Header ?? ""];
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in CryptrootEnvironment.Of(job.Entry, job.Volume.Device))
        {
            start.Environment[name] = value;
        }

        using var shell = Process.Start(start)!;
        string said = shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();
        return said;
    }

    private ExitCode Judge(string said)
    {
        var trial = TrialOutcome.Parse(said);
        switch (trial)
        {
            case { Keyslot: { } slot }:
                string how = job.Stored.Keyslots.Contains(slot) ? "the card's key" : "a passphrase";
                job.Prompt.Say(string.Create(CultureInfo.InvariantCulture, $"{job.Name} would have opened, by {how} (keyslot {slot})."));
                return ExitCode.Success;
            case { AgentStatus: not 0 }:
                job.Prompt.Complain($"The agent ended without a key (status {trial.AgentStatus}): a boot would now ask for the "
                    + "passphrase as text. "
                    + "The kernel's log (dmesg) says why.");
                return ExitCode.Failure;
            default:
                job.Prompt.Complain($"{job.Name} would not have opened with that. cryptsetup says: {trial.Said}");
                return ExitCode.Refused;
        }
    }
}
