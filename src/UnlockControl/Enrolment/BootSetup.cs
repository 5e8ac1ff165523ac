// SPDX-License-Identifier: GPL-3.0-or-later
// What a boot reads: crypttab, and the initramfs that is made from it. Shown and agreed to before anything is changed, then replaced in
// steps.
using UnlockControl.Volumes;

namespace UnlockControl.Enrolment;

internal sealed class BootSetup
{
    private readonly Work work;
    private readonly Crypttab after;
    private readonly string diff;
    private readonly Initramfs initramfs = new();
    private readonly KeptImages kept;

    /// <param name="before">crypttab as it is.</param>
    /// <param name="after">What it is to be.</param>
    public BootSetup(Work work, Crypttab before, Crypttab after)
    {
        this.work = work;
        this.after = after;
        diff = before.DiffTo(after);
        kept = new KeptImages(initramfs);
    }

    /// <summary>crypttab says already what it must.</summary>
    public bool IsCrypttabRight => diff.Length == 0;

    private IReadOnlyList<CrypttabEntry> Wanted => [.. after.Entries.Where(static entry => entry.IsOurs)];

    /// <summary>Shows what crypttab will be, and asks.</summary>
    /// <exception cref="Refusal">The person said no.</exception>
    public void Agree()
    {
        if (IsCrypttabRight)
        {
            return;
        }

        work.Prompt.Say($"{Crypttab.Path} will be changed like this:");
        work.Prompt.Say(diff.TrimEnd('\n'));
        if (!work.Options.DryRun && !work.Options.Yes && !work.Prompt.Confirm($"Change {Crypttab.Path} so?", otherwise: false))
        {
            throw new Refusal(ExitCode.GivenUp, "Nothing was changed. (--yes agrees beforehand.)");
        }
    }

    /// <summary>Both, where crypttab differs.</summary>
    public void Apply()
    {
        if (!IsCrypttabRight)
        {
            ChangeCrypttab();
            RebuildInitramfs();
        }
    }

    /// <summary>Replaces crypttab, where it differs; its former content stays in a backup beside it.</summary>
    public void ChangeCrypttab()
    {
        if (!IsCrypttabRight)
        {
            string? backup = null;
            work.Do(
                $"Change {Crypttab.Path}",
                () =>
                {
                    backup = after.Save();
                    work.Prompt.Say($"The former {Crypttab.Path} is kept as {backup}.");
                },
                () => Crypttab.Restore(backup!));
        }
    }

    /// <summary>The images that lack something, each as a line for a person.</summary>
    public IReadOnlyList<string> Faults()
    {
        var wanted = Wanted;
        var reports = initramfs.Look(wanted);
        return reports.Count == 0 && wanted.Count > 0
            ? ["There is no initramfs in /boot (initrd.img-*): this system cannot ask for a card when it boots."]
            : [.. reports.SelectMany(Faults)];
    }

    /// <summary>Makes every image anew and looks into each.</summary>
    public void RebuildInitramfs()
    {
        work.Do("Keep the initramfs images as they are until all is done", kept.Keep, kept.Restore);
        work.Do("Rebuild the initramfs", () => work.Prompt.Progress("Rebuilding the initramfs", line =>
        {
            if (initramfs.Update(line, work.Interruption) is { } failure)
            {
                throw new StepException($"The initramfs could not be rebuilt. {failure}");
            }
        }));
        work.Do("Check what is inside the initramfs", () =>
        {
            IReadOnlyList<string> faults = [];
            work.Prompt.Progress("Looking into the initramfs", _ => faults = Faults());
            if (faults.Count > 0)
            {
                throw new StepException($"The new initramfs is not as it must be: {string.Join("; ", faults)}.");
            }
        });
    }

    /// <summary>After the commit: the former images are not needed any more.</summary>
    public void DropKept() => kept.Drop();

    private static IEnumerable<string> Faults(ImageReport report)
    {
        foreach (string missing in report.Missing)
        {
            yield return $"{report.Path}: {missing}";
        }

        if (report.Newer.Count > 0)
        {
            yield return $"{report.Path} is older than {string.Join(", ", report.Newer)}";
        }
    }
}
