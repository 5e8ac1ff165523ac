// SPDX-License-Identifier: GPL-3.0-or-later
//
// The boots whose memory is looked at, each by the first test that asks for it: the agent opened by card and by passphrase, cryptsetup
// alone, and Debian's decrypt_gnupg-sc with the same card and the same reader.

using System.Text.RegularExpressions;
using CardSimulator;
using EmulatedPhone;

namespace Boot.Tests;

/// <summary>What was in memory at the moments of one boot.</summary>
/// <param name="Secrets">The names of what was searched for.</param>
/// <param name="Moments">The copies by moment; there are those that the boot has.</param>
internal sealed record LeakBoot(IReadOnlyList<string> Secrets, IReadOnlyDictionary<LeakMoment, IReadOnlyList<Leak>> Moments)
{
    public IReadOnlyList<Leak> this[LeakMoment moment] => Moments[moment];
}

internal enum LeakMoment
{
    PassphraseTyped,
    PassphraseDropped,
    PinTyped,
    PinAtCard,
    Deciphering,
    KeyAtHand,
    HandedOver,
    RootOpen,
}

/// <summary>The boots of <see cref="LeakTests"/>.</summary>
public sealed partial class LeakBoots
{
    private const string KeyTrail = "passphrase as keys";
    private const byte Verify = 0x20, Decipher = 0x2A, GetData = 0xCA;

    // What the agent listens to: finger and keyboard.
    private const int Inputs = 2;

    // What a pipe holds (pipe(7)).
    private const int PipeLength = 65536;

    // The last of what a boot leaves behind is written and given back by then.
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);

    private readonly Lazy<LeakBoot> agent = new(() => BootAgent("bookworm"));
    private readonly Lazy<LeakBoot> passphrase = new(BootAgentByPassphrase);
    private readonly Lazy<LeakBoot> alone = new(BootCryptsetupAlone);
    private readonly Lazy<LeakBoot> gnuPg = new(() => BootGnuPg());

    internal LeakBoot Agent => agent.Value;

    internal LeakBoot AgentByPassphrase => passphrase.Value;

    internal LeakBoot CryptsetupAlone => alone.Value;

    internal LeakBoot GnuPg => gnuPg.Value;

    private static Secret CommandLine { get; } = Secret.OfText("kernel command line", $"root=/dev/mapper/{LuksDisk.MappingName} ");

    /// <summary>A passphrase that is typed and dropped, then the PIN, step by step.</summary>
    internal static LeakBoot BootAgent(string suite)
    {
        var moments = new Dictionary<LeakMoment, IReadOnlyList<Leak>>();
        using Lab lab = Lab.WithAgent(suite, "leaks", out VirtualCard card, passphrase: LeakSecrets.Passphrase);
        LeakSecrets secrets = LeakSecrets.Of(KeySet.Get(Lab.AlgorithmOf(suite)), card);
        Phone phone = lab.Phone;
        Trail touches = phone.TouchTrailOf("PIN as touches", PadScreen.Pin(3), LeakSecrets.Pin);
        var scene = new LeakScene(phone, secrets.All, CommandLine, touches);
        phone.InsertCard();
        phone.WaitFor(PadScreen.Pin(3), "the PIN pad", Phone.BootTimeout);
        phone.SendPageOwner();

        phone.TapUsePassphrase(PadScreen.Pin(3));
        phone.WaitFor(PadScreen.Keyboard(), "the keyboard", Phone.StepTimeout);
        phone.TapPassphrase(LeakSecrets.Passphrase, confirm: false);
        phone.WaitFor(PadScreen.Keyboard(LeakSecrets.Passphrase.Length, symbols: true), "a dot for each character", Phone.StepTimeout);
        moments[LeakMoment.PassphraseTyped] = scene.Look("passphrase typed");

        phone.TapUseCard();
        phone.WaitFor(PadScreen.Pin(3), "the PIN pad again", Phone.StepTimeout);
        moments[LeakMoment.PassphraseDropped] = scene.Look("passphrase dropped");

        phone.TapText(PadScreen.Pin(3), LeakSecrets.Pin);
        phone.WaitFor(PadScreen.Pin(3, typed: LeakSecrets.Pin.Length), "a dot for each digit", Phone.StepTimeout);
        moments[LeakMoment.PinTyped] = scene.Look("PIN typed");

        HoldCryptsetup(phone);
        FillPipe(phone);
        card.Faults.HoldAtInstruction(Verify);
        card.Faults.HoldAtInstruction(Decipher);
        phone.TapText(PadScreen.Pin(3), "\n");
        WaitForCommand(card, Verify);
        moments[LeakMoment.PinAtCard] = scene.Look("the card checks the PIN");
        card.Faults.Release();
        WaitForCommand(card, Decipher);
        moments[LeakMoment.Deciphering] = scene.Look("the card deciphers");
        scene.Remember("unlock-agent", "pcscd");
        card.Faults.Release();
        phone.WaitForGuest($"cat /proc/{AgentProcess.Pid}/syscall", WritingToStdout(), Phone.StepTimeout);
        Assert.True(SpinWait.SpinUntil(() => IsTraceCovered(card), Phone.StepTimeout), "the card is not asked once more");
        Thread.Sleep(Quiet);
        moments[LeakMoment.KeyAtHand] = scene.Look("key at hand");
        DrainPipe(phone);
        WaitForEnd(phone, "unlock-agent");
        moments[LeakMoment.HandedOver] = scene.Look("key handed over");

        OpenRoot(lab, scene, moments);
        Assert.Equal(1, card.VerifyCount);
        return new LeakBoot([.. secrets.All.Select(secret => secret.Name), touches.Name], moments);
    }

    /// <summary>A wrong PIN, then the passphrase on a USB keyboard.</summary>
    private static LeakBoot BootAgentByPassphrase()
    {
        var moments = new Dictionary<LeakMoment, IReadOnlyList<Leak>>();
        using Lab lab = Lab.WithAgent("bookworm", "leaks-passphrase", out VirtualCard card, passphrase: LeakSecrets.Passphrase);
        Phone phone = lab.Phone;
        Trail keys = Phone.KeyTrailOf(KeyTrail, LeakSecrets.Passphrase);
        var scene = new LeakScene(phone, [LeakSecrets.PinDigits, LeakSecrets.PassphraseLetters], CommandLine, keys);
        phone.InsertCard();
        phone.PlugKeyboard();
        phone.WaitFor(PadScreen.Pin(3), "the PIN pad", Phone.BootTimeout);
        phone.SendPageOwner();
        AgentProcess.WaitForInputs(phone, Inputs);
        phone.TapText(PadScreen.Pin(3), LeakSecrets.Pin + "\n");
        phone.WaitFor(PadScreen.Pin(2, wrong: true), "a wrong PIN and 2 tries left", Phone.StepTimeout);
        phone.TapUsePassphrase(PadScreen.Pin(2, wrong: true));
        phone.WaitFor(PadScreen.Keyboard(), "the keyboard", Phone.StepTimeout);
        HoldCryptsetup(phone);
        phone.TypeText(LeakSecrets.Passphrase);
        moments[LeakMoment.PassphraseTyped] = scene.Look("passphrase typed");
        scene.Remember("unlock-agent", "pcscd");
        phone.TypeKey("ret");
        WaitForEnd(phone, "unlock-agent");
        moments[LeakMoment.HandedOver] = scene.Look("passphrase handed over");
        OpenRoot(lab, scene, moments);
        Assert.Equal((1, 2), (card.VerifyCount, card.UserTriesLeft));
        return new LeakBoot([LeakSecrets.PinDigits.Name, LeakSecrets.PassphraseLetters.Name, keys.Name], moments);
    }

    /// <summary>The floor: askpass and a USB keyboard on the text console.</summary>
    private static LeakBoot BootCryptsetupAlone()
    {
        var moments = new Dictionary<LeakMoment, IReadOnlyList<Leak>>();
        using Lab lab = Lab.WithTextPrompt("bookworm", "leaks-alone", LeakSecrets.Passphrase);
        Phone phone = lab.Phone;
        var scene = new LeakScene(
            phone, [LeakSecrets.PassphraseLetters], CommandLine, Phone.KeyTrailOf(KeyTrail, LeakSecrets.Passphrase));
        phone.PlugKeyboard();
        phone.WaitForShell(Phone.BootTimeout);
        phone.WaitForGuest("cat /dev/vcs1", TextPrompt(), Phone.BootTimeout);
        phone.SendPageOwner();
        HoldCryptsetup(phone);
        scene.Remember("askpass");
        phone.TypeText(LeakSecrets.Passphrase);
        moments[LeakMoment.PassphraseTyped] = scene.Look("passphrase typed");
        phone.TypeKey("ret");
        WaitForEnd(phone, "askpass");
        moments[LeakMoment.HandedOver] = scene.Look("passphrase handed over");
        OpenRoot(lab, scene, moments);
        return new LeakBoot([LeakSecrets.PassphraseLetters.Name, KeyTrail], moments);
    }

    /// <summary>Debian's chain with gpg.</summary>
    /// <param name="words">More words for the kernel's command line.</param>
    internal static LeakBoot BootGnuPg(string words = "")
    {
        var moments = new Dictionary<LeakMoment, IReadOnlyList<Leak>>();
        using Lab lab = Lab.WithGnuPg("bookworm", "leaks-gnupg", out VirtualCard card, words);
        LeakSecrets secrets = LeakSecrets.Of(KeySet.Get(Lab.AlgorithmOf("bookworm")), card);
        Phone phone = lab.Phone;
        Secret[] all = [.. secrets.All.Where(secret => secret != LeakSecrets.PassphraseLetters)];
        var scene = new LeakScene(phone, all, CommandLine);
        phone.InsertCard();
        phone.PlugKeyboard();
        phone.WaitForShell(Phone.BootTimeout);
        phone.SendPageOwner();
        phone.WaitForGuest("pidof pinentry", Number(), Phone.BootTimeout);
        HoldCryptsetup(phone);
        phone.TypeText(LeakSecrets.Pin);
        moments[LeakMoment.PinTyped] = scene.Look("PIN typed");

        card.Faults.HoldAtInstruction(Decipher);
        phone.TypeKey("ret");
        WaitForCommand(card, Decipher);
        moments[LeakMoment.Deciphering] = scene.Look("the card deciphers");
        scene.Remember("gpg", "gpg-agent", "scdaemon", "pcscd");
        card.Faults.Release();
        WaitForEnd(phone, "gpg");
        moments[LeakMoment.HandedOver] = scene.Look("key handed over");

        OpenRoot(lab, scene, moments);
        Assert.Equal(1, card.VerifyCount);
        return new LeakBoot([.. all.Select(secret => secret.Name)], moments);
    }

    /// <summary>From now on whatever is handed over waits in the pipe.</summary>
    private static void HoldCryptsetup(Phone phone) =>
        Assert.Equal("held\n", phone.RunInGuest("kill -STOP $(pidof cryptsetup) && echo held", Phone.StepTimeout).Output);

    /// <summary>So that the agent waits with the key until <see cref="DrainPipe"/>.</summary>
    private static void FillPipe(Phone phone) => Assert.Equal(
        "full\n",
        phone.RunInGuest($"dd if=/dev/zero bs={PipeLength} count=1 >/proc/{AgentProcess.Pid}/fd/1 2>/dev/null && echo full", Phone.StepTimeout).Output);

    private static void DrainPipe(Phone phone) => Assert.Equal(
        "drained\n",
        phone.RunInGuest(
            $"dd of=/dev/null bs={PipeLength} count=1 iflag=fullblock </proc/$(pidof cryptsetup)/fd/0 2>/dev/null && echo drained",
            Phone.StepTimeout).Output);

    private static bool IsTraceCovered(VirtualCard card) =>
        card.Log.SkipWhile(command => command.Ins != Decipher).Any(command => command.Ins == GetData);

    private static void OpenRoot(Lab lab, LeakScene scene, Dictionary<LeakMoment, IReadOnlyList<Leak>> moments)
    {
        scene.Remember("cryptsetup");
        lab.Phone.RunInGuest("kill -CONT $(pidof cryptsetup)", Phone.StepTimeout);
        lab.AssertRootOpened();
        Thread.Sleep(Quiet);
        moments[LeakMoment.RootOpen] = scene.Look("root open");
    }

    private static void WaitForEnd(Phone phone, string program) =>
        phone.WaitForGuest($"for p in $(pidof {program}); do readlink /proc/$p/exe; done | grep -c '/{program}$'", NoProcess(), Phone.StepTimeout);

    private static void WaitForCommand(VirtualCard card, byte instruction) =>
        Assert.True(SpinWait.SpinUntil(() => card.Faults.Held == instruction, Phone.StepTimeout), $"the card is not asked {instruction:X2}");

    [GeneratedRegex($"Please unlock disk {LuksDisk.MappingName}")]
    private static partial Regex TextPrompt();

    /// <summary>proc(5): the number of write(2), then its first argument.</summary>
    [GeneratedRegex("^1 0x1 ")]
    private static partial Regex WritingToStdout();

    [GeneratedRegex("[0-9]")]
    private static partial Regex Number();

    [GeneratedRegex("^0$", RegexOptions.Multiline)]
    private static partial Regex NoProcess();
}
