// SPDX-License-Identifier: GPL-3.0-or-later
//
// The agent beside what else asks and shows in an initramfs: plymouth's splash, cryptroot-unlock over ssh, other volumes.

using System.Text;
using System.Text.RegularExpressions;
using CardSimulator;
using EmulatedPhone;

namespace Boot.Tests;

public sealed partial class CoexistTests
{
    // Without the last word plymouth shows no picture where the serial port is a console; "quiet" alone would keep the agent's log off it.
    // dropbear, which is in these images too, holds the boot up while it waits for a network.
    private const string Splash = "quiet splash loglevel=7 plymouth.ignore-serial-consoles " + PhoneImage.NetworkWords;
    private const string FirstUuid = "0b7d1c5e-3f0a-4c39-8d5b-1f6a2e9c4d01", SecondUuid = "0b7d1c5e-3f0a-4c39-8d5b-1f6a2e9c4d02";

    // The splash of these images, the theme "spinner": black, but for a small ring that turns in the lower half.
    private const int Black = 0, FewestOfRing = 20, MostOfRing = 5000;

    [Theory]
    [InlineData("bookworm")]
    [InlineData("trixie")]
    public void The_splash_makes_way_for_the_pad_again_and_again_and_shows_the_boot_on(string suite)
    {
        using Lab lab = Lab.BesideOthers(suite, "splash", out VirtualCard card, new RemoteLogin(suite), Splash);
        Phone phone = lab.Phone;
        phone.InsertCard();
        phone.WaitFor(PadScreen.Pin(3), "the PIN pad where the splash was", Phone.BootTimeout);

        phone.TapUsePassphrase(PadScreen.Pin(3));
        phone.WaitFor(PadScreen.Keyboard(), "the keyboard", Phone.StepTimeout);
        phone.TapPassphrase("wrong");
        Picture between = phone.WaitForScreen("the splash while a wrong passphrase is tried", IsSplash, Phone.StepTimeout);
        phone.WaitFor(PadScreen.WrongPassphrase, "that the passphrase is wrong", Phone.StepTimeout);

        // It is shown before anybody listens to a finger, and logged after that.
        phone.WaitForConsole(new Regex("unlock-agent: Wrong passphrase"), Phone.StepTimeout);
        phone.TapUseCard();
        phone.WaitFor(PadScreen.Pin(3), "the PIN pad", Phone.StepTimeout);
        Assert.Contains("alive", phone.RunInGuest("plymouth --ping && echo alive", Phone.StepTimeout).Output, StringComparison.Ordinal);

        phone.TapText(PadScreen.Pin(3), KeySet.Pin + "\n");
        lab.AssertRootOpened();
        Assert.Equal(1, card.VerifyCount);
        Save(between, $"splash-{suite}-between");
        Save(phone.WaitForScreen("the splash beside the opened root", IsSplash, Phone.StepTimeout), $"splash-{suite}-after");
    }

    [Fact]
    public void After_SIGKILL_of_the_agent_plymouth_asks_and_opens_the_root() => KillBesidePlymouth("bookworm");

    [Fact]
    [Trait("When", "All")]
    public void After_SIGKILL_of_the_agent_plymouth_asks_and_opens_the_root_on_Debian_13() => KillBesidePlymouth("trixie");

    private static void KillBesidePlymouth(string suite)
    {
        using Lab lab = Lab.BesideOthers(suite, "splash-killed", out _, new RemoteLogin(suite), Splash);
        Phone phone = lab.Phone;
        phone.PlugKeyboard();
        phone.WaitFor(PadScreen.InsertCard, "the wish for a card", Phone.BootTimeout);

        AgentProcess.Kill(phone);
        phone.WaitForGuest("ps", PlymouthAsks(), Phone.StepTimeout);
        Picture prompt = phone.WaitForScreen("plymouth's prompt", IsSplashWithPrompt, Phone.StepTimeout);
        Save(prompt, $"splash-{suite}-prompt");
        phone.TypeText(KeySet.Passphrase);
        phone.WaitForScreen("what is typed", screen => screen.CountDifferences(prompt) > FewestOfRing, Phone.StepTimeout);
        phone.TypeKey("ret");

        lab.AssertRootOpened();
    }

    /// <summary>The rescue shell after the splash came back.</summary>
    [Theory]
    [Trait("When", "All")]
    [InlineData("bookworm")]
    [InlineData("trixie")]
    public void The_rescue_shell_is_seen_where_the_splash_was(string suite)
    {
        using Lab lab = Lab.BesideOthers(suite, "splash-rescue", out _, new RemoteLogin(suite), Splash + " break=bottom");
        Phone phone = lab.Phone;
        phone.PlugKeyboard();
        phone.InsertCard();
        phone.WaitFor(PadScreen.Pin(3), "the PIN pad where the splash was", Phone.BootTimeout);
        phone.TapText(PadScreen.Pin(3), KeySet.Pin + "\n");

        phone.WaitForGuest("cat /dev/vcs1", new Regex(@"\(initramfs\)"), Phone.StepTimeout);
        Picture before = phone.WaitForScreen("text at the top", screen => Count(screen, 0, screen.Height / 8) > MostOfRing / 10, Phone.StepTimeout);
        phone.TypeText("pwd");
        phone.TypeKey("ret");
        phone.WaitForScreen("what is typed and answered", screen => screen.CountDifferences(before) > FewestOfRing, Phone.StepTimeout);
        Save(phone.Screenshot(), $"splash-{suite}-rescue");
    }

    [Theory]
    [InlineData("bookworm")]
    [InlineData("trixie")]
    public void A_passphrase_typed_over_ssh_opens_the_root(string suite)
    {
        var login = new RemoteLogin(suite);
        using Lab lab = Lab.BesideOthers(suite, "ssh", out VirtualCard card, login, "nosplash plymouth.enable=0 " + PhoneImage.NetworkWords);
        Phone phone = lab.Phone;
        phone.InsertCard();
        phone.WaitFor(PadScreen.Pin(3), "the PIN pad", Phone.BootTimeout);
        phone.TapText(PadScreen.Pin(3), KeySet.Pin[..2]);
        phone.WaitFor(PadScreen.Pin(3, typed: 2), "two dots", Phone.StepTimeout);

        GuestResult wrong = login.Run("cryptroot-unlock", "wrong"u8.ToArray(), Phone.StepTimeout);
        Assert.Contains("bad password", wrong.Output, StringComparison.Ordinal);
        Assert.Equal(1, wrong.Status);
        phone.WaitFor(PadScreen.Pin(3), "the PIN pad again, with nothing typed and nothing said", Phone.StepTimeout);

        GuestResult right = login.Run("cryptroot-unlock", Encoding.ASCII.GetBytes(KeySet.Passphrase), Phone.StepTimeout);
        Assert.Contains($"{LuksDisk.MappingName} set up successfully", right.Output, StringComparison.Ordinal);
        Assert.Equal(0, right.Status);
        lab.AssertRootOpened();
        Assert.Equal(0, card.VerifyCount);
    }

    [Fact]
    public void Volumes_with_passphrases_before_and_after_ask_on_the_text_console() => AskBeforeAndAfter("trixie");

    [Fact]
    [Trait("When", "All")]
    public void Volumes_with_passphrases_before_and_after_ask_on_the_text_console_of_Debian_12() => AskBeforeAndAfter("bookworm");

    private static void AskBeforeAndAfter(string suite)
    {
        byte[] key = Encoding.ASCII.GetBytes(KeySet.Passphrase);
        using var first = new DataDisk(FirstUuid, key);
        using var second = new DataDisk(SecondUuid, key);
        using Lab lab = Lab.WithVolumes(
            suite,
            "volumes",
            out VirtualCard card,
            $"first_crypt UUID={FirstUuid} none luks,initramfs\n",
            $"second_crypt UUID={SecondUuid} none luks,initramfs\nlater UUID={SecondUuid} /etc/later.key luks\nswap /dev/vdd /dev/urandom swap\n",
            first,
            second);
        Phone phone = lab.Phone;
        phone.PlugKeyboard();
        phone.InsertCard();
        AnswerText(phone, "first_crypt");
        Picture pad = phone.WaitFor(PadScreen.Pin(3), "the PIN pad", Phone.BootTimeout);
        phone.TapText(PadScreen.Pin(3), KeySet.Pin + "\n");
        phone.WaitForGuest("cat /dev/vcs1", new Regex("Please unlock disk second_crypt"), Phone.StepTimeout);
        phone.WaitForScreen(
            "the text console", screen => screen.CountDifferences(pad) > pad.Width * pad.Height / 50 && screen[0, 0] == Black, Phone.StepTimeout);
        AnswerText(phone, "second_crypt");

        phone.WaitForRoot(Phone.StepTimeout);
        foreach (string name in (string[])["first_crypt", LuksDisk.MappingName, "second_crypt"])
        {
            phone.WaitForConsole(new Regex($"opened-root: mapping name={name} "), Phone.StepTimeout);
        }

        Assert.Equal(1, card.VerifyCount);
    }

    [Fact]
    public void Two_volumes_of_one_card_need_one_PIN() => OpenTwo("bookworm");

    [Fact]
    [Trait("When", "All")]
    public void Two_volumes_of_one_card_need_one_PIN_on_Debian_13() => OpenTwo("trixie");

    private static void OpenTwo(string suite)
    {
        using var data = new DataDisk(FirstUuid, KeySet.Get(Lab.AlgorithmOf(suite)).LuksKey);
        using Lab lab = Lab.WithVolumes(
            suite,
            "two-volumes",
            out VirtualCard card,
            "",
            $"data_crypt UUID={FirstUuid} {PhoneImage.KeyFilePath} luks,initramfs,keyscript=unlock-agent\n",
            data);
        Phone phone = lab.Phone;
        phone.InsertCard();
        phone.WaitFor(PadScreen.Pin(3), "the PIN pad", Phone.BootTimeout);
        phone.TapText(PadScreen.Pin(3), KeySet.Pin + "\n");

        lab.AssertRootOpened();
        phone.WaitForConsole(new Regex("opened-root: mapping name=data_crypt "), Phone.StepTimeout);
        Assert.Equal(1, card.VerifyCount);
    }

    private static void AnswerText(Phone phone, string name)
    {
        phone.WaitForShell(Phone.BootTimeout);
        phone.WaitForGuest("cat /dev/vcs1", new Regex("Please unlock disk " + name), Phone.BootTimeout);
        phone.TypeText(KeySet.Passphrase);
        phone.TypeKey("ret");
    }

    private static bool IsSplash(Picture screen) => Count(screen, 0, screen.Height / 2) == 0
        && Count(screen, screen.Height / 2, screen.Height) is > FewestOfRing and < MostOfRing;

    /// <summary>The prompt's box stands above the middle, and nothing at the top, where text would.</summary>
    private static bool IsSplashWithPrompt(Picture screen) => screen.Height > screen.Width && Count(screen, 0, screen.Height / 8) == 0
        && Count(screen, screen.Height / 8, screen.Height) > MostOfRing;

    private static int Count(Picture screen, int top, int bottom)
    {
        int count = 0;
        for (int y = top; y < bottom; y++)
        {
            for (int x = 0; x < screen.Width; x++)
            {
                count += screen[x, y] == Black ? 0 : 1;
            }
        }

        return count;
    }

    private static void Save(Picture picture, string name) =>
        picture.SavePng(Path.Combine(Directory.CreateDirectory(Path.Combine(Repository.Out, "coexist")).FullName, name + ".png"));

    [GeneratedRegex("plymouth ask-for-password")]
    private static partial Regex PlymouthAsks();
}
