// SPDX-License-Identifier: GPL-3.0-or-later
//
// One boot of one contender, from power on to the opened root, and all that is measured on the way. The guest's clock counts
// instructions; until the prompt is up nobody asks the guest anything.

using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using CardSimulator;
using EmulatedPhone;
using UnlockAgent.Screen;

namespace PhoneBench;

/// <summary>A measured boot.</summary>
internal sealed partial class Trial : IDisposable
{
    /// <summary>Presses that are timed in one boot.</summary>
    public const int Presses = 20;

    private const int ManyPresses = 100, IdleSeconds = 10;

    // A boot pauses for less, even on a busy machine; one that is known by sight needs to stay for less.
    private static readonly TimeSpan Stillness = TimeSpan.FromSeconds(12), Settling = TimeSpan.FromSeconds(4), Boot = TimeSpan.FromMinutes(6), Patience = TimeSpan.FromMinutes(4);

    private readonly Contender contender;
    private readonly string disk = Path.GetTempFileName();
    private readonly Phone phone;
    private readonly VirtualCard card;
    private readonly Dictionary<string, double> figures = [];

    private Trial(Contender contender)
    {
        this.contender = contender;
        KeySet keys = contender.Keys;
        PhoneImage image = contender.Image(keys);
        card = keys.NewCard();
        LuksDisk.Create(disk, PhoneImage.WithTextPrompt(contender.Suite), "", keys.LuksKey, System.Text.Encoding.ASCII.GetBytes(KeySet.Passphrase));
        PhoneImage observed = image.Observed();
        phone = Phone.Boot(new PhoneOptions(observed.Kernel, observed.Initrd, disk, "bench-" + contender.Label)
        {
            Card = card,
            HasEdid = contender.HasEdid,
            CountsInstructions = true,
            ExtraCommandLine = $"quiet vt.global_cursor_default=0 {PhoneImage.ObserverWords} {contender.Words}",
        });
        phone.InsertCard();
        figures[Figure.Image] = new FileInfo(image.Initrd).Length;
    }

    /// <summary>Boots a contender, measures it and opens the disk.</summary>
    /// <returns>The figures that it has.</returns>
    /// <exception cref="PhoneException">It does not ask, or does not open.</exception>
    public static Measured Run(Contender contender)
    {
        using var trial = new Trial(contender);
        return trial.Measure();
    }

    public void Dispose()
    {
        phone.Dispose();
        File.Delete(disk);
    }

    private Measured Measure()
    {
        Picture prompt = WaitForPrompt();
        prompt.SavePng(Path.Combine(Report.Folder, contender.Label + ".png"));
        BootLog boot = BootLog.Of(phone);
        boot.Save(Path.Combine(Report.Folder, contender.Label + ".boot.txt"));
        figures[Figure.Prompt] = contender.IsBaseline ? boot.StartOf(contender.Start) : boot.LastPictureSince();
        if (contender.Hand is not { } hand)
        {
            return new Measured(contender, figures, []);
        }

        double start = boot.StartOf(contender.Start);
        figures[Figure.FirstFrame] = boot.FirstChangeAfter(start) - start;
        MeasureMemory();
        figures[Figure.WakeUps] = WakeUps();
        TouchPlayer player = TouchPlayer.Start(phone);
        player.Play([hand.Device(phone), "start", "wait 3000"], Patience);
        double[] presses = hand.Seen(phone) is { } seen ? PressToPixels(player, hand, seen) : [];
        figures[Figure.PressesCpu] = ManyPressesCost(player, hand);
        Open(player, hand);
        return new Measured(contender, figures, presses);
    }

    private Picture WaitForPrompt()
    {
        Picture last = phone.Screenshot();
        long since = Stopwatch.GetTimestamp(), began = since;
        while (Stopwatch.GetElapsedTime(since) < (contender.Asks is null ? Stillness : Settling))
        {
            if (Stopwatch.GetElapsedTime(began) > Boot)
            {
                throw phone.Failure("the prompt does not come");
            }

            Thread.Sleep(250);
            Picture now = phone.Screenshot();
            bool stays = contender.Asks?.Invoke(now) ?? (now.Width == phone.Width && now.Width == last.Width && now.CountDifferences(last, 0) == 0);
            since = stays ? since : Stopwatch.GetTimestamp();
            last = now;
        }

        return last;
    }

    private void MeasureMemory()
    {
        string printed = phone.RunInGuest(
            OfEachProcess("echo of ${n##*/}; grep -E '^(VmRSS|VmHWM)' $p/status; grep '^Pss:' $p/smaps_rollup"), Patience).Output;
        foreach ((string figure, string field) in ((string, string)[])[(Figure.Resident, "VmRSS"), (Figure.Peak, "VmHWM"), (Figure.Share, "Pss")])
        {
            figures[figure] = KiloBytes().Matches(printed).Where(match => match.Groups[1].Value == field).Sum(match => Number(match.Groups[2])) * 1024;
        }

        // A script has no memory of its own: its process is the shell's.
        string own = $"of {Path.GetFileName(contender.Start)}\n";
        string[] processes = [.. printed.ReplaceLineEndings("\n").Split("of ").Select(rest => "of " + rest).Where(process => process.StartsWith(own, StringComparison.Ordinal))];
        if (processes.Length > 0)
        {
            figures[Figure.OwnResident] = processes.Sum(process => Number(KiloBytes().Match(process).Groups[2])) * 1024;
        }
    }

    /// <summary>A line of shell that does something for each of the contender's processes: $p is its folder in /proc, $n its program.</summary>
    private string OfEachProcess(string command) =>
        $"for p in /proc/[0-9]*; do n=$(readlink $p/exe); case ${{n##*/}} in {string.Join('|', contender.Processes)}) {command};; esac; done";

    private double WakeUps()
    {
        // The card service tells once more of a card some seconds after it came.
        string count = OfEachProcess("cat $p/task/*/status") + " | awk '/ctxt_switches/ { n += $2 } END { print \"switches\", n }'";
        double[] switches =
            [.. Switches().Matches(phone.RunInGuest($"sleep {IdleSeconds}; {count}; sleep {IdleSeconds}; {count}", Patience).Output).Select(match => Number(match.Groups[1]))];
        return (switches[1] - switches[0]) / IdleSeconds;
    }

    private double[] PressToPixels(TouchPlayer player, Hand hand, Box box)
    {
        string[] press =
        [
            // Of uneven lengths, so that presses meet a program that looks at times at all of its moments.
            "start", $"watch {box.Left} {box.Top} {box.Right} {box.Bottom}", hand.Press(phone, Hand.Sample), "changed", "start", "wait 107",
            hand.Release(Hand.Sample), "wait 144", hand.Press(phone, '\b'), "wait 83", hand.Release('\b'), "wait 151",
        ];
        string printed = player.Play(Enumerable.Repeat(press, Presses).SelectMany(lines => lines), Patience);
        return [.. Changed().Matches(printed).Select(match => Number(match.Groups[1]))];
    }

    /// <summary>Processor time of all its processes for <see cref="ManyPresses"/>, without what they use in that time when nobody presses.</summary>
    private double ManyPressesCost(TouchPlayer player, Hand hand)
    {
        const int Down = 40, Up = 27, Settle = 500;
        string[] cpu = [.. contender.Processes.Select(process => "cpu " + process)];
        string[] Press(char key) => [hand.Press(phone, key), $"wait {Down}", hand.Release(key), $"wait {Up}"];
        string[] pair = [.. Press(Hand.Sample), .. Press('\b')];
        string printed = player.Play(
            [
                "start", $"wait {Settle}", .. cpu, $"wait {(ManyPresses * (Down + Up)) + Settle}", .. cpu,
                .. Enumerable.Repeat(pair, ManyPresses / 2).SelectMany(lines => lines), $"wait {Settle}", .. cpu,
            ],
            Patience);
        double[] used = [.. Cpu().Matches(printed).Select(match => Number(match.Groups[1]))];
        double Sum(int moment) => used.Skip(moment * cpu.Length).Take(cpu.Length).Sum();
        return Sum(2) - Sum(1) - (Sum(1) - Sum(0));
    }

    private void Open(TouchPlayer player, Hand hand)
    {
        const int Down = 90, Up = 110;
        string[] Press(char key) => [hand.Press(phone, key), $"wait {Down}", hand.Release(key), $"wait {Up}"];
        TimeSpan before = card.WorkTime;
        string printed = player.Play(
            ["start", .. contender.Answer.SelectMany(Press), hand.Press(phone, '\n'), "stamp", "wait 90", hand.Release('\n'), "stamp"], Patience);
        double confirmed = Stamp().Matches(printed).Select(match => Number(match.Groups[1])).ElementAt(hand.ActsOnRelease ? 1 : 0);
        phone.WaitForRoot(Patience);
        BootLog opened = BootLog.Of(phone);
        opened.Save(Path.Combine(Report.Folder, contender.Label + ".open.txt"), from: confirmed);
        figures[Figure.Open] = opened.EndOf("cryptsetup") - confirmed;
        if (contender.UsesCard)
        {
            figures[Figure.CardWork] = (card.WorkTime - before).TotalMilliseconds;
            figures[Figure.CardCommands] = card.Log.Count;
        }
    }

    private static double Number(Group text) => double.Parse(text.ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(VmRSS|VmHWM|Pss):\s+([0-9]+) kB")]
    private static partial Regex KiloBytes();

    [GeneratedRegex("switches ([0-9]+)")]
    private static partial Regex Switches();

    [GeneratedRegex("changed ([0-9.]+)")]
    private static partial Regex Changed();

    [GeneratedRegex("cpu ([0-9.]+)")]
    private static partial Regex Cpu();

    [GeneratedRegex("stamp ([0-9.]+)")]
    private static partial Regex Stamp();
}
