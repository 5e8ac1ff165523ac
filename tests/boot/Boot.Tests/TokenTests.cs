// SPDX-License-Identifier: GPL-3.0-or-later
//
// Disks that carry their keys in their own LUKS2 header: no key file in the initramfs, "none" in crypttab.

using System.Text.RegularExpressions;
using CardSimulator;
using EmulatedPhone;
using UnlockAgent.Machine;

namespace Boot.Tests;

public sealed partial class TokenTests
{
    // Of another program, and left in peace.
    private const string ForeignToken = """{"type":"example-other","keyslots":[],"message":5}""";

    [Theory]
    [InlineData("bookworm", "cv25519")]
    [InlineData("trixie", "rsa2048")]
    public void Of_two_cards_the_one_in_the_reader_opens_the_root(string suite, string algorithm)
    {
        KeySet first = KeySet.Get("rsa2048"), second = KeySet.Get("cv25519");
        string[] tokens = [first.Token(0), ForeignToken, second.Token(1)];
        using Lab lab = Lab.WithTokens(suite, "tokens", [first, second], tokens, KeySet.Get(algorithm), out VirtualCard card);
        Phone phone = lab.Phone;
        phone.InsertCard();
        phone.WaitFor(PadScreen.Pin(3), "the PIN pad", Phone.BootTimeout);
        phone.TapText(PadScreen.Pin(3), KeySet.Pin + "\n");

        lab.AssertRootOpened();
        Assert.Equal(1, card.VerifyCount);
        Assert.Equal(3, card.UserTriesLeft);
    }

    [Fact]
    public void A_damaged_token_is_told_in_the_log_and_the_other_one_opens_the_root()
    {
        KeySet keys = KeySet.Get("rsa2048");
        string[] tokens = [keys.Token(0).Replace("\"message\":\"", "\"message\":\"*", StringComparison.Ordinal), keys.Token(0)];
        using Lab lab = Lab.WithTokens("bookworm", "damaged-token", [keys], tokens, keys, out VirtualCard card);
        Phone phone = lab.Phone;
        phone.InsertCard();
        phone.WaitFor(PadScreen.Pin(3), "the PIN pad", Phone.BootTimeout);
        phone.WaitForConsole(PassedOver(), Phone.StepTimeout);
        phone.TapText(PadScreen.Pin(3), KeySet.Pin + "\n");

        lab.AssertRootOpened();
        Assert.Equal(1, card.VerifyCount);
    }

    [Fact]
    public void Without_a_token_the_header_is_named_and_the_passphrase_opens_the_root()
    {
        KeySet keys = KeySet.Get("rsa2048");
        using Lab lab = Lab.WithTokens("bookworm", "no-token", [keys], [ForeignToken], keys, out VirtualCard card);
        Phone phone = lab.Phone;
        PadScreen noToken = PadScreen.KeyFile(KeyFileFault.NoToken);
        phone.InsertCard();
        phone.WaitFor(noToken, "that the header holds no key", Phone.BootTimeout);
        phone.WaitForConsole(NoTokenInLog(), Phone.StepTimeout);

        phone.TapUsePassphrase(noToken);
        phone.WaitFor(PadScreen.Keyboard(), "the keyboard", Phone.StepTimeout);
        phone.TapPassphrase(KeySet.Passphrase);

        lab.AssertRootOpened();
        Assert.Equal(0, card.VerifyCount);
    }

    [GeneratedRegex("unlock-agent: token 0 of /dev/vda is passed over: WrongBase64")]
    private static partial Regex PassedOver();

    [GeneratedRegex("unlock-agent: The disk's header holds no key for a card")]
    private static partial Regex NoTokenInLog();
}
