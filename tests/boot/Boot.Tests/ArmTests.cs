// SPDX-License-Identifier: GPL-3.0-or-later
//
// The image for a Librem 5 on an emulated ARM machine: Debian's arm64 kernel, pcscd and cryptsetup, the arm64 agent, mkinitramfs run
// under qemu-user. Of the phone itself only the processor is there; its screen, touchscreen and reader are QEMU's.

using System.Text.RegularExpressions;
using CardSimulator;
using EmulatedPhone;

namespace Boot.Tests;

public sealed partial class ArmTests
{
    private const string Suite = "bookworm";

    // Named by the hook, and left out of Debian's arm64 kernel: only Purism's has them. A name that Debian's lacks too and that is not here
    // is a wrong name, or a module that became another.
    private static readonly string[] NotInDebian =
        ["leds_lm3692x", "max17042_battery", "panel_mantix_mlaf057we51", "pwm_vibra", "tps65132_regulator"];

    [Fact]
    public void Card_and_PIN_open_the_root_of_an_arm64_phone()
    {
        using Lab lab = Lab.ForLibrem5(Suite, "arm64-pin", out VirtualCard card);
        Phone phone = lab.Phone;
        phone.InsertCard();
        phone.WaitFor(PadScreen.Pin(3), "the PIN pad with 3 tries left", Phone.BootTimeout);

        phone.TapText(PadScreen.Pin(3), KeySet.Pin[..4]);
        phone.WaitFor(PadScreen.Pin(3, typed: 4), "four dots", Phone.StepTimeout);
        Assert.Equal(0, card.VerifyCount);
        phone.TapText(PadScreen.Pin(3), KeySet.Pin[4..] + "\n");

        lab.AssertRootOpened();
        Assert.Equal(1, card.VerifyCount);
        Assert.Equal(3, card.UserTriesLeft);
    }

    [Fact]
    public void Without_a_card_the_passphrase_on_the_keyboard_of_the_screen_opens_the_root_of_an_arm64_phone()
    {
        using Lab lab = Lab.ForLibrem5(Suite, "arm64-passphrase", out VirtualCard card);
        Phone phone = lab.Phone;
        phone.WaitFor(PadScreen.InsertCard, "the wish for a card", Phone.BootTimeout);

        phone.TapUsePassphrase(PadScreen.InsertCard);
        phone.WaitFor(PadScreen.Keyboard(), "the keyboard", Phone.StepTimeout);
        phone.TapPassphrase(KeySet.Passphrase);

        lab.AssertRootOpened();
        Assert.Equal(0, card.VerifyCount);
    }

    [Fact]
    public void Every_module_that_the_hook_names_for_a_Librem_5_is_in_the_image_or_in_the_kernel_unless_Debian_has_none()
    {
        string[] named = ModulesOfHook();
        Assert.Contains("imx_dcss", named);
        Assert.Contains("leds_gpio", named);

        PhoneImage image = PhoneImage.ForLibrem5(Suite, KeySet.Get("rsa2048").KeyFile);
        string modules = Assert.Single(Directory.GetDirectories(Path.Combine(image.Tree, "usr", "lib", "modules")));
        HashSet<string> builtIn = NamesOf(File.ReadAllLines(Path.Combine(modules, "modules.builtin")));
        HashSet<string> inKernelPackage = NamesOf(File.ReadAllLines(Path.Combine(modules, "modules.order")));
        HashSet<string> inImage = NamesOf(HostCommand.Run(["lsinitramfs", image.Initrd], Phone.StepTimeout).Split('\n'));

        string[] loadable = [.. named.Except(builtIn)];
        Assert.Equal(NotInDebian, loadable.Except(inKernelPackage).Order(StringComparer.Ordinal));
        Assert.Empty(loadable.Except(NotInDebian).Except(inImage));
    }

    /// <summary>The words of every "manual_add_modules" of the hook, but for variables.</summary>
    private static string[] ModulesOfHook()
    {
        string hook = File.ReadAllText(Path.Combine(Repository.Root, "initramfs-hooks", "hooks", "unlock-agent"));
        string whole = hook.Replace("\\\n", " ", StringComparison.Ordinal);
        return [.. ModuleList().Matches(whole).SelectMany(list => list.Groups[1].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Distinct()];
    }

    /// <summary>The modules among paths of files; a file's dashes are underscores in the kernel's names.</summary>
    private static HashSet<string> NamesOf(IEnumerable<string> paths) =>
        [.. paths.Select(path => ModuleFile().Match(path)).Where(match => match.Success).Select(match => match.Groups[1].Value.Replace('-', '_'))];

    [GeneratedRegex("^ *manual_add_modules ([a-z0-9_ ]+)$", RegexOptions.Multiline)]
    private static partial Regex ModuleList();

    [GeneratedRegex(@"([^/]+)\.ko(\.[a-z]+)?$")]
    private static partial Regex ModuleFile();
}
