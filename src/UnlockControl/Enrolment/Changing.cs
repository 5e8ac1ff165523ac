// SPDX-License-Identifier: GPL-3.0-or-later
// add-card, remove-card, rotate: a new key for a changed set of recipients. A card that opens the volume and stays allows the new keyslot
// and proves the new message for one PIN; else a passphrase allows it, and a card that stays must still prove the message.
using System.Globalization;
using CardUnlock;

namespace UnlockControl.Enrolment;

internal sealed class Changing(Job job)
{
    public ExitCode Rotate() => Change(job.Stored.Recipients, newCards: 0, []);

    public ExitCode AddCards()
    {
        // A file alone is an addition too; else there is one card more than were asked for by --another-card.
        int cards = job.Options.RecipientFiles.Count > 0 && job.Options.MoreCards == 0 ? 0 : 1 + job.Options.MoreCards;
        return Change(job.Stored.Recipients, cards, [], isAddition: true);
    }

    /// <param name="card">As `list` prints it.</param>
    public ExitCode RemoveCard(string card, bool evenTheLast)
    {
        RequireKey();
        var removal = Removal.Find(job.Stored, card);
        Recipient[] staying = [.. job.Stored.Recipients.Where(recipient => !removal.Takes(recipient))];
        bool othersStay = staying.Length > 0 || job.Stored.Missing.Any(keyId => keyId != removal.MissingKeyId);
        if (othersStay)
        {
            var code = Change(staying, newCards: 0, removal.MissingKeyId is { } keyId ? [keyId] : []);
            if (code == ExitCode.Success && !job.Options.DryRun)
            {
                job.Prompt.Say($"{removal.Name} does not open {job.Name} any more.");
            }

            return code;
        }

        return RemoveLast(removal, evenTheLast);
    }

    private ExitCode RemoveLast(Removal removal, bool evenTheLast)
    {
        if (job.Volume.PassphraseSlots.Count > 0)
        {
            job.Prompt.Say($"{removal.Name} is the last card of {job.Name}: from now on only its passphrase opens it.");
            return Disabling.Run(job, keepKeys: false, force: false);
        }

        if (!evenTheLast)
        {
            throw new Refusal(ExitCode.LastWayIn, $"{removal.Name} is the last way into {job.Name}: there is no other card and "
                + "no passphrase. "
                + $"Nothing was changed. Add a passphrase first (`cryptsetup luksAddKey {job.Volume.Device}`) or another card "
                + $"(`unlockctl add-card {job.Name}`). To lose all data on it, say --even-the-last-way-in.");
        }

        if (!job.Options.DryRun && job.Prompt.AskLine(
            $"All data on {job.Name} will be lost for ever. Type the volume's name to do it") != job.Name)
        {
            throw new Refusal(ExitCode.LastWayIn, $"That was not \"{job.Name}\": nothing was changed.");
        }

        return Disabling.Run(job, keepKeys: false, force: true);
    }

    private ExitCode Change(IReadOnlyList<Recipient> staying, int newCards, IReadOnlyList<ulong> dropped, bool isAddition = false)
    {
        RequireKey();
        var files = RecipientFiles.Read(job.Options.RecipientFiles);
        RequireAsked(files, isAddition);
        using var key = new NewKey();
        foreach (var recipient in (IReadOnlyList<Recipient>)[.. staying, .. files])
        {
            key.Add(recipient);
        }

        if (isAddition && newCards == 0 && key.Recipients.Count == job.Stored.Recipients.Count)
        {
            job.Prompt.Say($"{Wording.NamesOf(files)} can open {job.Name} already: there is nothing to do.");
            return ExitCode.Success;
        }

        using var desk = CardDesk.Open();
        var table = new CardTable(job.Work, desk);
        var authority = new Authority(job, table, key);
        using var opener = authority.Obtain(newCards, dropped, files);
        authority.AddNewCards(newCards);
        authority.RequireProof();
        Replace(key, opener);
        return ExitCode.Success;
    }

    private void Replace(NewKey key, OldKey opener)
    {
        string? file = job.Stored.File;
        KeySteps.Store(job, key, opener.Secret, file);
        if (file is not null)
        {
            // The image holds a copy of the key file.
            var boot = new BootSetup(job.Work, job.Crypttab, job.Crypttab);
            boot.RebuildInitramfs();
            KeySteps.RemoveOldTokens(job);
            Finish(opener);
            boot.DropKept();
        }
        else
        {
            KeySteps.RemoveOldTokens(job);
            Finish(opener);
        }

        if (!job.Options.DryRun)
        {
            job.Prompt.Say($"Done: {job.Name} has a new key, for {Wording.NamesOf(key.Recipients)}.");
            Advice.SayOldBackups(job);
            Advice.SayWhoElse(job);
        }
    }

    private void Finish(OldKey opener)
    {
        var left = KeySteps.CommitAndRemove(job, opener.KeyslotsToRemove);
        if (left.Count > 0)
        {
            throw new Refusal(ExitCode.NotUndone, string.Join('\n', left));
        }
    }

    /// <summary>rotate and remove-card take a public key only for somebody whom the volume has already.</summary>
    private void RequireAsked(IReadOnlyList<Recipient> files, bool isAddition)
    {
        var other = isAddition ? null : files.FirstOrDefault(file =>
            !CardSteps.IsAmong(job.Stored.Recipients, file.Fingerprint)
            && !job.Stored.Missing.Any(keyId => CardSteps.IsKeyId(keyId, file.Fingerprint)));
        if (other is not null)
        {
            throw new Refusal(ExitCode.Usage, $"{Wording.NameOf(other)} does not open {job.Name} so far: `unlockctl add-card {job.Name} "
                + "--recipient FILE` lets it. Nothing was changed.");
        }
    }

    private void RequireKey()
    {
        if (job.Stored.Keys.Count == 0)
        {
            throw new Refusal(ExitCode.Failure, string.Create(CultureInfo.InvariantCulture,
                $"{job.Name} holds no key for a card that can be used: `unlockctl enroll {job.Name}` makes one. Nothing was changed."));
        }
    }
}
