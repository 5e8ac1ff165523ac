// SPDX-License-Identifier: GPL-3.0-or-later
//
// Nothing leaks: the phone's whole physical memory, dumped in the middle of a boot and after it, and searched for the PIN, the
// passphrase, the session key and the disk's key, in the clear and as UTF-16. Beside it the same for cryptsetup alone, which is the
// floor, and for Debian's decrypt_gnupg-sc. out/leaks.md has the table.

using EmulatedPhone;

namespace Boot.Tests;

public sealed class LeakTests(LeakBoots boots) : IClassFixture<LeakBoots>
{
    private const string Touches = "PIN as touches";

    [Fact]
    public void What_is_typed_is_in_one_locked_page_and_gone_once_it_is_dropped() => AssertTyped(boots.Agent);

    [Fact]
    public void While_the_card_works_the_agent_has_one_locked_copy_of_the_PIN_then_none_and_then_one_of_the_key() => AssertAtCard(boots.Agent);

    [Fact]
    public void The_key_that_is_handed_over_is_in_the_pipe_alone_and_no_other_secret_is_anywhere() => AssertHandedOver(boots.Agent);

    [Fact]
    public void With_the_root_open_nothing_is_left_of_any_secret() => AssertRootOpen(boots.Agent);

    [Fact]
    public void A_passphrase_is_handed_over_like_a_key_and_leaves_no_more_than_with_cryptsetup_alone()
    {
        LeakBoot boot = boots.AgentByPassphrase, alone = boots.CryptsetupAlone;
        AssertOneLocked("passphrase", [.. boot[LeakMoment.PassphraseTyped].Where(leak => leak.IsAgents)]);
        Leak copy = Assert.Single(boot[LeakMoment.HandedOver], leak => leak.Secret == "passphrase");
        Assert.False(copy.IsAgents, copy.ToString());

        // The search finds what the kernel has of the keys meanwhile, and what it has for cryptsetup's own prompt.
        Assert.Contains(boot[LeakMoment.PassphraseTyped], leak => leak.Secret == "passphrase as keys");
        Assert.NotEmpty(alone[LeakMoment.PassphraseTyped]);

        // A PIN that was wrong may still be where pcscd had it.
        AssertAtMost(alone[LeakMoment.RootOpen].Count, [.. boot[LeakMoment.RootOpen].Where(leak => leak.IsAgents || leak.Secret != "PIN")]);
    }

    [Fact]
    public void Debians_chain_with_gpg_leaves_more_in_the_same_phone()
    {
        LeakTable.Write(
            "leaks.md",
            new()
            {
                ["unlock-agent"] = boots.Agent,
                ["unlock-agent, passphrase"] = boots.AgentByPassphrase,
                ["cryptsetup alone"] = boots.CryptsetupAlone,
                ["decrypt_gnupg-sc"] = boots.GnuPg,
            });
        Assert.Contains(boots.GnuPg[LeakMoment.PinTyped], leak => leak is { Secret: "PIN", IsWhole: true });
        foreach (LeakMoment moment in (LeakMoment[])[LeakMoment.HandedOver, LeakMoment.RootOpen])
        {
            Assert.InRange(boots.Agent[moment].Count, 0, boots.GnuPg[moment].Count);
        }
    }

    /// <summary>The kernel's own remedy for what other programs leave: it zeroes what is given back.</summary>
    [Fact]
    [Trait("When", "All")]
    public void With_init_on_free_the_kernel_keeps_nothing_that_was_given_back()
    {
        LeakBoot boot = LeakBoots.BootGnuPg("init_on_free=1");
        Assert.Contains(boot[LeakMoment.PinTyped], leak => leak.Secret == "PIN");
        Assert.DoesNotContain(
            boot[LeakMoment.RootOpen], leak => leak.Owner.StartsWith("given back", StringComparison.Ordinal) || leak.Owner == "free page");
        LeakTable.Write("leaks-init-on-free.md", new() { ["decrypt_gnupg-sc, init_on_free=1"] = boot });
    }

    [Fact]
    [Trait("When", "All")]
    public void The_same_holds_on_Debian_13_with_a_key_on_Curve25519()
    {
        LeakBoot boot = LeakBoots.BootAgent("trixie");
        AssertTyped(boot);
        AssertAtCard(boot);
        AssertHandedOver(boot);
        AssertRootOpen(boot);
    }

    private static void AssertTyped(LeakBoot boot)
    {
        AssertOneLocked("passphrase", boot[LeakMoment.PassphraseTyped]);
        Assert.Empty(boot[LeakMoment.PassphraseDropped]);
        AssertOneLocked("PIN", [.. boot[LeakMoment.PinTyped].Where(leak => leak.Secret != Touches)]);

        // The kernel has the last events of a device for as long as it is open.
        Leak trail = Assert.Single(boot[LeakMoment.PinTyped], leak => leak.Secret == Touches);
        Assert.False(trail.IsAgents, trail.ToString());
    }

    private static void AssertAtCard(LeakBoot boot)
    {
        IReadOnlyList<Leak> leaks = boot[LeakMoment.PinAtCard];
        AssertOneLocked("PIN", [.. leaks.Where(leak => leak.IsAgents)]);

        // The way to the card, and the kernel's touches.
        Assert.All(leaks, leak => Assert.Contains(leak.Secret, (string[])["PIN", Touches]));
        AssertAtMost(0, [.. boot[LeakMoment.Deciphering].Where(leak => leak.Secret != Touches)]);
        AssertOneLocked("LUKS key", [.. boot[LeakMoment.KeyAtHand].Where(leak => leak.Secret != Touches)]);
    }

    private static void AssertHandedOver(LeakBoot boot)
    {
        IReadOnlyList<Leak> leaks = boot[LeakMoment.HandedOver];
        AssertAtMost(1, leaks);
        Leak key = Assert.Single(leaks);
        Assert.True(key is { Secret: "LUKS key", IsWhole: true, IsWide: false, IsAgents: false }, key.ToString());
    }

    private static void AssertRootOpen(LeakBoot boot) => AssertAtMost(0, boot[LeakMoment.RootOpen]);

    private static void AssertOneLocked(string secret, IReadOnlyList<Leak> leaks)
    {
        AssertAtMost(1, leaks);
        Leak copy = Assert.Single(leaks);
        Assert.True(copy is { IsWhole: true, IsWide: false, IsAgents: true, IsLocked: true } && copy.Secret == secret, copy.ToString());
    }

    /// <summary>Names what there is in the failure.</summary>
    private static void AssertAtMost(int most, IReadOnlyList<Leak> leaks) => Assert.True(leaks.Count <= most, string.Join('\n', leaks));
}
