// SPDX-License-Identifier: GPL-3.0-or-later
// What changes who can open a volume. enroll, add-card, remove-card and rotate are one work, "a new key for these recipients": it is made,
// tested with the cards and proved with cryptsetup first, and only then the old one goes. Every way out that is no success undoes all.
using System.Runtime.InteropServices;
using CardUnlock;
using UnlockControl.Terminal;
using UnlockControl.Volumes;

namespace UnlockControl.Enrolment;

/// <summary>The commands. Each says what it does, complains about what goes wrong, and returns the exit status.</summary>
internal sealed class Enroller(IPrompt prompt)
{
    private static readonly PosixSignal[] Signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP];
    private static PosixSignalRegistration[]? held;

    public ExitCode Enroll(EnrolOptions options) => Run(options, isEnrolled: false, static job => new Enrolling(job).Run());

    public ExitCode AddCard(EnrolOptions options) => Run(options, isEnrolled: true, static job => new Changing(job).AddCards());

    /// <param name="card">A serial number, a name or a fingerprint's end, as `list` prints it.</param>
    /// <param name="evenTheLast">Told twice: --even-the-last-way-in and the typed volume's name.</param>
    public ExitCode RemoveCard(EnrolOptions options, string card, bool evenTheLast) =>
        Run(options, isEnrolled: true, job => new Changing(job).RemoveCard(card, evenTheLast));

    public ExitCode Rotate(EnrolOptions options) => Run(options, isEnrolled: true, static job => new Changing(job).Rotate());

    /// <param name="all">Every entry of ours: what the package's removal asks for, with kept keys and without a question.</param>
    /// <param name="keepKeys">Keyslots, tokens and key files stay, so that enroll can take them up again.</param>
    public ExitCode Disable(EnrolOptions options, bool all, bool keepKeys)
    {
        if (!all)
        {
            return Run(options, work => Disabling.One(work, keepKeys));
        }

        var names = Disabling.Names();
        if (names.Count == 0)
        {
            prompt.Say("No volume is set up for a card: there is nothing to do.");
            return ExitCode.Success;
        }

        return keepKeys
            ? Run(options with { Yes = true }, Disabling.KeepAll)
            : names.Select(name => Run(options with { Volume = name }, static work => Disabling.One(work, keepKeys: false)))
                .FirstOrDefault(static code => code != ExitCode.Success);
    }

    public ExitCode Test(EnrolOptions options) => Run(options, isEnrolled: true, static job => new AgentTrial(job).Run());

    /// <param name="file">Must not exist.</param>
    public ExitCode BackupHeader(EnrolOptions options, string file) =>
        Run(options, isEnrolled: false, job => HeaderBackup.Write(job, file));

    private ExitCode Run(EnrolOptions options, bool isEnrolled, Func<Job, ExitCode> command) => Run(options, work =>
    {
        using var job = Job.Open(work, isEnrolled);
        return command(job);
    });

    private ExitCode Run(EnrolOptions options, Func<Work, ExitCode> command)
    {
        // To the program's end: a second Ctrl-C, or one that comes when all is done, must change neither what is said of the end nor the
        // status.
        held ??= [.. Signals.Select(static signal => PosixSignalRegistration.Create(signal, static context => context.Cancel = true))];
        using var work = new Work(prompt, options);
        var code = Try(work, command);
        work.Dispose();
        foreach (var left in work.Left)
        {
            prompt.Complain($"This could not be undone: {left.What}. ({left.Reason.Message})");
        }

        return work.Left.Count > 0 ? ExitCode.NotUndone : code;
    }

    private ExitCode Try(Work work, Func<Work, ExitCode> command)
    {
        try
        {
            if (!Environment.IsPrivilegedProcess)
            {
                throw new Refusal(ExitCode.Failure, "Only root can do this: try again with sudo.");
            }

            return command(work);
        }
        catch (Refusal refusal)
        {
            prompt.Complain(refusal.Message);
            return refusal.Code;
        }
        catch (PcscException e)
        {
            prompt.Complain($"No card can be used: {e.Message}. {e.Advice} Nothing was changed.");
            return ExitCode.NoCard;
        }
        catch (InterruptedException)
        {
            prompt.Complain("Interrupted. Everything is as it was before.");
            return ExitCode.Interrupted;
        }
        catch (Exception e) when (e is StepException or LuksException or IOException or UnauthorizedAccessException)
        {
            prompt.Complain($"{e.Message} Everything is as it was before.");
            return ExitCode.Failure;
        }
    }
}
