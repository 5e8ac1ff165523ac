// SPDX-License-Identifier: GPL-3.0-or-later
// What changes who can open a volume. enroll, add-card, remove-card and rotate are one work, "a new key for these recipients": it is made,
// tested with the cards and proved with cryptsetup first, and only then the old one goes. Every way out that is no success undoes all.
using CardUnlock;
using UnlockControl.Terminal;
using UnlockControl.Volumes;

namespace UnlockControl.Enrolment;

/// <summary>The commands. Each says what it does, complains about what goes wrong, and returns the exit status.</summary>
internal sealed class Enroller(IPrompt prompt)
{
    public ExitCode Enroll(EnrolOptions options) => Run(() =>
    {
        using var job = Job.Open(prompt, options, static _ => true, "");
        return new Enrolling(job).Run();
    });

    public ExitCode AddCard(EnrolOptions options) => Run(() =>
    {
        using var job = OpenEnrolled(options);
        return new Changing(job).AddCards();
    });

    /// <param name="card">A serial number, a name or a fingerprint's end, as `list` prints it.</param>
    /// <param name="evenTheLast">Told twice: --even-the-last-way-in and the typed volume's name.</param>
    public ExitCode RemoveCard(EnrolOptions options, string card, bool evenTheLast) => Run(() =>
    {
        using var job = OpenEnrolled(options);
        return new Changing(job).RemoveCard(card, evenTheLast);
    });

    public ExitCode Rotate(EnrolOptions options) => Run(() =>
    {
        using var job = OpenEnrolled(options);
        return new Changing(job).Rotate();
    });

    /// <param name="all">Every entry of ours: what the package's removal asks for.</param>
    /// <param name="keepKeys">Keyslots, tokens and key files stay, so that enroll can take them up again.</param>
    public ExitCode Disable(EnrolOptions options, bool all, bool keepKeys) => Run(() => all
        ? Disabling.All(prompt, options, keepKeys)
        : Disabling.One(prompt, options, keepKeys));

    public ExitCode Test(EnrolOptions options) => Run(() =>
    {
        using var job = OpenEnrolled(options);
        return new AgentTrial(job).Run();
    });

    /// <param name="file">Must not exist.</param>
    public ExitCode BackupHeader(EnrolOptions options, string file) => Run(() =>
    {
        using var job = Job.Open(prompt, options, static _ => true, "");
        return HeaderBackup.Write(job, file);
    });

    private Job OpenEnrolled(EnrolOptions options) =>
        Job.Open(prompt, options, static entry => entry.IsOurs, "that is set up for a card: `unlockctl enroll` does that");

    private ExitCode Run(Func<ExitCode> command)
    {
        try
        {
            if (!Environment.IsPrivilegedProcess)
            {
                throw new Refusal(ExitCode.Failure, "Only root can do this: try again with sudo.");
            }

            return command();
        }
        catch (Refusal refusal)
        {
            prompt.Complain(refusal.Message);
            return refusal.Code;
        }
        catch (PcscException e)
        {
            prompt.Complain($"No card can be used: {e.Message} Is the package pcscd installed? Nothing was changed.");
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
