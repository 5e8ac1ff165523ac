// SPDX-License-Identifier: GPL-3.0-or-later
// enroll: a volume that only a passphrase opens gets a key for a card. A volume that has one is looked at, and what is missing is done.
using CardUnlock;
using UnlockControl.Volumes;

namespace UnlockControl.Enrolment;

internal sealed class Enrolling(Job job)
{
    private const string KeyFolder = "/etc/unlock-agent/";

    private string? KeyFile => job.Options.KeyFile switch
    {
        null => null,
        "" => $"{KeyFolder}{job.Name.Replace('/', '-')}.gpg",
        var path => Path.GetFullPath(path),
    };

    public ExitCode Run()
    {
        if (job.Stored.Keys.Count > 0)
        {
            return GoOn();
        }

        var boot = new BootSetup(job.Work, job.Crypttab, job.Crypttab.WithAgent(job.Entry, KeyFile ?? "none"));
        using var opener = job.Options.DryRun ? null : Passphrase.Ask(job.Prompt, job.Volume, job.Name, job.Options.UnlockKeyFile);
        using var key = new NewKey();
        foreach (var recipient in RecipientFiles.Read(job.Options.RecipientFiles))
        {
            key.Add(recipient);
        }

        using (var desk = CardDesk.Open())
        {
            AskForCards(new CardTable(job.Work, desk), key);
        }

        boot.Agree();
        KeySteps.Store(job, key, opener?.Secret, KeyFile);
        boot.ChangeCrypttab();
        boot.RebuildInitramfs();
        job.Work.Commit();
        boot.DropKept();
        if (!job.Options.DryRun)
        {
            job.Prompt.Say($"Done: {job.Name} is opened by {Wording.NamesOf(key.Recipients)}, and by its passphrase as before.");
            Advice.SayWhoElse(job);
        }

        return ExitCode.Success;
    }

    private void AskForCards(CardTable table, NewKey key)
    {
        HashSet<string> seen = [];
        for (int wanted = 1 + job.Options.MoreCards; wanted > 0; wanted--)
        {
            var card = table.Await(
                seen.Count == 0 ? "the card" : "the next card",
                card => !seen.Contains(card.Serial),
                card => seen.Contains(card.Serial) ? $"The card {Wording.NameOf(card)} has been tested already; another one is "
                    + "wanted." : null,
                atMost: wanted);
            seen.Add(card.Serial);
            var recipient = table.ReadRecipient(card);
            if (key.Has(recipient.Fingerprint) && seen.Count > 1)
            {
                job.Prompt.Say($"The card {Wording.NameOf(card)} holds a key that is there already: what opens with the other "
                    + "opens with it.");
            }

            key.Add(recipient);
            CardSteps.Prove(job, table, card, key);
        }
    }

    /// <summary>The volume has a key for cards: only what is missing around it is done.</summary>
    private ExitCode GoOn()
    {
        var stored = job.Stored;
        RequireNobodyNew(stored);
        var boot = new BootSetup(job.Work, job.Crypttab, job.Crypttab.WithAgent(job.Entry, stored.File ?? "none"));
        IReadOnlyList<string> faults = boot.IsCrypttabRight ? boot.Faults() : [];
        if (boot.IsCrypttabRight && faults.Count == 0)
        {
            job.Prompt.Say($"{job.Name} is set up already, for {Wording.NamesOf(stored.Recipients)}: there is nothing to do.");
            Advice.SayWhoElse(job);
            return ExitCode.Success;
        }

        job.Prompt.Say($"{job.Name} has a key for {Wording.NamesOf(stored.Recipients)} already; what is missing is done.");
        foreach (string fault in faults)
        {
            job.Prompt.Say(fault);
        }

        if (!boot.IsCrypttabRight)
        {
            ProveStored(stored);
        }

        boot.Agree();
        boot.ChangeCrypttab();
        boot.RebuildInitramfs();
        job.Work.Commit();
        boot.DropKept();
        if (!job.Options.DryRun)
        {
            job.Prompt.Say($"Done: {job.Name} is opened by {Wording.NamesOf(stored.Recipients)}.");
        }

        return ExitCode.Success;
    }

    /// <summary>A key that no boot has used, or not lately, is tried before a boot depends on it.</summary>
    private void ProveStored(StoredKeys stored)
    {
        using var desk = CardDesk.Open();
        var table = new CardTable(job.Work, desk);
        var card = CardSteps.AwaitStored(table, stored, "a card that opens this volume");
        job.Work.Do($"Have the card {Wording.NameOf(card)} decrypt the volume's key", () =>
        {
            using var key = table.Decrypt(card, CardSteps.MessageFor(stored, card).Message)[0];
            if (job.Volume.FindKeyslot(key) is not { } keyslot || !job.Volume.Proves(key, keyslot))
            {
                throw new StepException($"The key that the card decrypted does not open {job.Name} any more. `unlockctl disable` "
                    + "takes it away; "
                    + "then `unlockctl enroll` makes a new one.");
            }
        });
    }

    private void RequireNobodyNew(StoredKeys stored)
    {
        List<string> others = [];
        others.AddRange(RecipientFiles.Read(job.Options.RecipientFiles)
            .Where(recipient => !CardSteps.IsAmong(stored.Recipients, recipient.Fingerprint))
            .Select(Wording.NameOf));
        if (others.Count == 0 && stored.Missing.Count == 0)
        {
            others.AddRange(NewCards(stored));
        }

        if (others.Count > 0)
        {
            throw new Refusal(ExitCode.Usage, $"{job.Name} is set up already, for {Wording.NamesOf(stored.Recipients)}. "
                + $"`unlockctl add-card {job.Name}` adds {string.Join(" and ", others)}. Nothing was changed.");
        }

        if (job.Options.KeyFile is not null && KeyFile != stored.File)
        {
            throw new Refusal(ExitCode.Usage, $"{job.Name} has its key in {stored.File ?? "its LUKS2 header"} already. To keep it "
                + "elsewhere: `unlockctl disable`, then enroll.");
        }
    }

    /// <summary>The cards that are there now, or are asked for, and do not open the volume.</summary>
    private IReadOnlyList<string> NewCards(StoredKeys stored)
    {
        try
        {
            using var desk = CardDesk.Open();
            return [.. new CardTable(job.Work, desk).Look()
                .Where(card => !CardSteps.IsAmong(stored.Recipients, card.Fingerprint))
                .Select(Wording.NameOf)];
        }
        catch (PcscException)
        {
            // Without a card service nobody new is there.
            return [];
        }
    }
}
