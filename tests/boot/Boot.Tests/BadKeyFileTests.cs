// SPDX-License-Identifier: GPL-3.0-or-later
//
// Key files that cannot be used, on the real screen, all in one boot: the agent is started by hand for each, as its
// keyscript would start it. Each shows and logs its sentence, gives no key, and leaves the passphrase one tap away.

using System.Text;
using System.Text.RegularExpressions;
using CardSimulator;
using EmulatedPhone;
using UnlockAgent.Machine;

namespace Boot.Tests;

public sealed class BadKeyFileTests
{
    private const string KeyFile = "/run/bad.gpg", Output = "/run/key-out";

    [Fact]
    public void Bad_key_files_are_named_on_the_screen_and_the_passphrase_opens_the_root()
    {
        using Lab lab = Lab.WithAgent("bookworm", "key-files", out VirtualCard card);
        Phone phone = lab.Phone;
        phone.InsertCard();
        phone.WaitFor(PadScreen.Pin(3), "the PIN pad", Phone.BootTimeout);

        // With the prompt the keyscript has brought the text console back, and does nothing more to the screen.
        AgentProcess.KillForTextPrompt(phone);

        // The text prompt keeps the kernel's log off the consoles, a moment after it is there; this test reads it there.
        phone.RunInGuest("sleep 2; echo 7 >/proc/sys/kernel/printk", Phone.StepTimeout);

        byte[] good = KeySet.Get("rsa2048").KeyFile;
        AssertRefused(phone, null, KeyFileFault.Missing, "The key file is missing");
        AssertRefused(phone, [], KeyFileFault.Empty, "The key file is empty");
        AssertRefused(phone, good[..^10], KeyFileFault.Truncated, "The key file is cut short");
        AssertRefused(phone, DamagedArmour(good), KeyFileFault.DamagedArmour, "The key file's ASCII armour is damaged");
        AssertRefused(phone, "correct horse battery staple\n"u8.ToArray(), KeyFileFault.NotOpenPgp, "The key file is not an OpenPGP message");

        AssertNotForThisCard(phone, KeySet.Get("cv25519").KeyFile);
        Assert.Equal(0, card.VerifyCount);

        byte[] damaged = [.. good];
        damaged[^1] ^= 1;
        AssertDamaged(phone, damaged);
        Assert.Equal(1, card.VerifyCount);
        Assert.Equal(3, card.UserTriesLeft);

        OpenByPassphraseWithoutService(phone, good);
        lab.AssertRootOpened();
        Assert.Equal(1, card.VerifyCount);
    }

    private static void AssertRefused(Phone phone, byte[]? keyFile, KeyFileFault fault, string sentence)
    {
        Start(phone, keyFile, PadScreen.KeyFile(fault), sentence);
        AssertPassphraseIsNear(phone, PadScreen.KeyFile(fault));
        AgentProcess.Kill(phone);
    }

    private static void AssertNotForThisCard(Phone phone, byte[] keyFile)
    {
        Start(phone, keyFile, PadScreen.NoMatchingKey, "This card holds no key for this disk");
        AssertPassphraseIsNear(phone, PadScreen.NoMatchingKey);
        AgentProcess.Kill(phone);
    }

    private static void AssertDamaged(Phone phone, byte[] keyFile)
    {
        Start(phone, keyFile, PadScreen.Pin(3), "Enter the card's PIN");
        int mark = phone.Console.Count;
        phone.TapText(PadScreen.Pin(3), KeySet.Pin + "\n");
        phone.WaitFor(PadScreen.DamagedMessage, "that the encrypted key is damaged", Phone.StepTimeout);
        AssertLogged(phone, "The encrypted key is damaged", mark);
        AssertPassphraseIsNear(phone, PadScreen.DamagedMessage);
        AgentProcess.Kill(phone);
    }

    /// <summary>No pcscd when the agent starts; what it writes goes to the text prompt that waits since the first kill.</summary>
    private static void OpenByPassphraseWithoutService(Phone phone, byte[] keyFile)
    {
        phone.RunInGuest("kill -9 $(cat /run/unlock-agent/pcscd.pid); rm -rf /run/pcscd", Phone.StepTimeout);
        Start(phone, keyFile, PadScreen.ServiceMissing, "Waiting for the card service…");
        AssertPassphraseIsNear(phone, PadScreen.ServiceMissing);
        phone.TapPassphrase(KeySet.Passphrase);
        phone.WaitForGuest("cat " + Output, new Regex($"^{KeySet.Passphrase}$"), Phone.StepTimeout);
        AgentProcess.AnswerTextPrompt(phone, Output);
    }

    /// <summary>Runs the agent on a key file, null for none at all, and waits for its screen and its line in the log.</summary>
    private static void Start(Phone phone, byte[]? keyFile, PadScreen expected, string sentence)
    {
        int mark = phone.Console.Count;
        phone.RunInGuest("rm -f " + KeyFile, Phone.StepTimeout);
        if (keyFile is not null)
        {
            phone.SendFile(KeyFile, keyFile);
        }

        AgentProcess.Start(phone, KeyFile, Output);
        phone.WaitFor(expected, $"\"{sentence}\"", Phone.StepTimeout);
        AssertLogged(phone, sentence, mark);
    }

    private static void AssertPassphraseIsNear(Phone phone, PadScreen screen)
    {
        phone.TapUsePassphrase(screen);
        phone.WaitFor(PadScreen.Keyboard(), "the keyboard", Phone.StepTimeout);
        Assert.Equal("0\n", phone.RunInGuest($"wc -c <{Output}", Phone.StepTimeout).Output);
    }

    private static void AssertLogged(Phone phone, string sentence, int mark) =>
        phone.WaitForConsole(new Regex("unlock-agent: " + Regex.Escape(sentence) + "$"), Phone.StepTimeout, mark);

    /// <summary>What gpg --armor makes, but for one sign that no base64 has.</summary>
    private static byte[] DamagedArmour(byte[] message)
    {
        string data = Convert.ToBase64String(message, Base64FormattingOptions.InsertLineBreaks);
        return Encoding.ASCII.GetBytes($"-----BEGIN PGP MESSAGE-----\n\n*{data[1..]}\n-----END PGP MESSAGE-----\n");
    }
}
