// SPDX-License-Identifier: GPL-3.0-or-later
//
// The whole chain once, told step by step, with a picture of each screen in out/demo and the two times that a person feels.

using System.Diagnostics;
using System.Text.RegularExpressions;

namespace EmulatedPhone;

internal static partial class Demo
{
    private static readonly string Folder = Path.Combine(Repository.Out, "demo");
    private static readonly TimeSpan PersonTimeout = TimeSpan.FromMinutes(15);
    private static readonly long Start = Stopwatch.GetTimestamp();
    private static int pictures;

    public static void Run(bool interactive)
    {
        Directory.CreateDirectory(Folder);
        foreach (string old in Directory.GetFiles(Folder, "*.png"))
        {
            File.Delete(old);
        }

        Say("the keys: gpg makes an RSA-2048 key, moves it to the simulated card and encrypts the disk's key to it");
        KeySet keys = KeySet.Get("rsa2048");
        Say("the initramfs: a Debian 12 tree, our hook, the real mkinitramfs");
        PhoneImage image = PhoneImage.WithAgent("bookworm", keys.KeyFile);
        Say("the disk: LUKS2, one keyslot for that key and one for a passphrase");
        string disk = Path.Combine(Folder, "disk.img");
        string nonce = Guid.NewGuid().ToString("N");
        LuksDisk.Create(disk, image, nonce, keys.LuksKey, System.Text.Encoding.ASCII.GetBytes(KeySet.Passphrase));

        Say("the phone boots (without KVM: every instruction is emulated)");
        using Phone phone = Phone.Boot(
            new PhoneOptions(image.Kernel, image.Initrd, disk, "demo")
            {
                Card = keys.NewCard(),
                Interactive = interactive,

                // Two thirds of the phone's pixels: the window fits on a laptop.
                Width = interactive ? 480 : 720,
                Height = interactive ? 960 : 1440,
            });
        Match frame = FirstFrame().Match(phone.WaitForConsole(FirstFrame(), Phone.BootTimeout).Text);
        if (interactive)
        {
            TellThePerson(phone);
        }
        else
        {
            EnterPin(phone);
        }

        long lastTap = Stopwatch.GetTimestamp();
        ConsoleLine opened = phone.WaitForConsole(RootMounted(), interactive ? PersonTimeout : Phone.StepTimeout);
        OpenedRoot root = phone.WaitForRoot(Phone.StepTimeout);
        Picture(phone, "root-opened");
        if (root.Nonce != nonce)
        {
            throw phone.Failure($"the root is not the one that was encrypted: it says {root.Nonce}");
        }

        Say($"the root is open and mounted: {root.Mapping}; {root.Mounted}; it holds what was encrypted: {root.Nonce}");
        Console.WriteLine();
        Console.WriteLine($"agent start to first frame: {frame.Groups[1].Value} ms");
        if (!interactive)
        {
            double milliseconds = Stopwatch.GetElapsedTime(lastTap, opened.Timestamp).TotalMilliseconds;
            Console.WriteLine($"last tap to the open disk, mounted: {milliseconds:0} ms");
        }

        Console.WriteLine($"pictures of each screen: {Folder}");
    }

    private static void EnterPin(Phone phone)
    {
        phone.WaitFor(PadScreen.InsertCard, "the wish for a card", Phone.StepTimeout);
        Picture(phone, "insert-card");
        Say("the card is inserted");
        phone.InsertCard();
        phone.WaitFor(PadScreen.Pin(3), "the PIN pad with 3 tries left", Phone.StepTimeout);
        Picture(phone, "pin-pad");
        Say("the PIN is tapped");
        phone.TapText(PadScreen.Pin(3), KeySet.Pin);
        phone.WaitFor(PadScreen.Pin(3, typed: KeySet.Pin.Length), "six dots", Phone.StepTimeout);
        Picture(phone, "pin-typed");
        phone.TapText(PadScreen.Pin(3), "\n");
    }

    private static void TellThePerson(Phone phone)
    {
        phone.InsertCard();
        Say($"the card is in: tap its PIN, {KeySet.Pin}, in the window; the passphrase is {KeySet.Passphrase}");
    }

    private static void Picture(Phone phone, string name) =>
        phone.Screenshot().SavePng(Path.Combine(Folder, $"{++pictures:00}-{name}.png"));

    private static void Say(string step) =>
        Console.WriteLine($"demo: {Stopwatch.GetElapsedTime(Start).TotalSeconds,5:0.0} s  {step}");

    [GeneratedRegex("unlock-agent: first frame after ([0-9]+) ms")]
    private static partial Regex FirstFrame();

    [GeneratedRegex(@"EXT4-fs \(dm-[0-9]+\): mounted filesystem")]
    private static partial Regex RootMounted();
}
