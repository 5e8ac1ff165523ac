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
    HandedOver,
    RootOpen,
}

/// <summary>The boots of <see cref="LeakTests"/>.</summary>
public sealed partial class LeakBoots
{
    private const byte Verify = 0x20, Decipher = 0x2A;

    // The last of what a boot leaves behind is written and given back by then.
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);

    private readonly Lazy<LeakBoot> agent = new(() => BootAgent("bookworm"));
    private readonly Lazy<LeakBoot> passphrase = new(BootAgentByPassphrase);
    private readonly Lazy<LeakBoot> alone = new(BootCryptsetupAlone);
    private readonly Lazy<LeakBoot> gnuPg = new(BootGnuPg);

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
        var scene = new LeakScene(phone, secrets.All, CommandLine);
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
        WaitForEnd(phone, "unlock-agent");
        moments[LeakMoment.HandedOver] = scene.Look("key handed over");

        OpenRoot(lab, scene, moments);
        Assert.Equal(1, card.VerifyCount);
        return new LeakBoot([.. secrets.All.Select(secret => secret.Name)], moments);
    }

    private static LeakBoot BootAgentByPassphrase()
    {
        var moments = new Dictionary<LeakMoment, IReadOnlyList<Leak>>();
        using Lab lab = Lab.WithAgent("bookworm", "leaks-passphrase", out _, passphrase: LeakSecrets.Passphrase);
        Phone phone = lab.Phone;
        var scene = new LeakScene(phone, [LeakSecrets.PassphraseLetters], CommandLine);
        phone.WaitFor(PadScreen.InsertCard, "the wish for a card", Phone.BootTimeout);
        phone.SendPageOwner();
        phone.TapUsePassphrase(PadScreen.InsertCard);
        phone.WaitFor(PadScreen.Keyboard(), "the keyboard", Phone.StepTimeout);
        HoldCryptsetup(phone);
        scene.Remember("unlock-agent", "pcscd");
        phone.TapPassphrase(LeakSecrets.Passphrase);
        WaitForEnd(phone, "unlock-agent");
        moments[LeakMoment.HandedOver] = scene.Look("passphrase handed over");
        OpenRoot(lab, scene, moments);
        return new LeakBoot([LeakSecrets.PassphraseLetters.Name], moments);
    }

    /// <summary>The floor: askpass and a USB keyboard on the text console.</summary>
    private static LeakBoot BootCryptsetupAlone()
    {
        var moments = new Dictionary<LeakMoment, IReadOnlyList<Leak>>();
        using Lab lab = Lab.WithTextPrompt("bookworm", "leaks-alone", LeakSecrets.Passphrase);
        Phone phone = lab.Phone;
        var scene = new LeakScene(phone, [LeakSecrets.PassphraseLetters], CommandLine);
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
        return new LeakBoot([LeakSecrets.PassphraseLetters.Name], moments);
    }

    private static LeakBoot BootGnuPg()
    {
        var moments = new Dictionary<LeakMoment, IReadOnlyList<Leak>>();
        using Lab lab = Lab.WithGnuPg("bookworm", "leaks-gnupg", out VirtualCard card);
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

    [GeneratedRegex("[0-9]")]
    private static partial Regex Number();

    [GeneratedRegex("^0$", RegexOptions.Multiline)]
    private static partial Regex NoProcess();
}
