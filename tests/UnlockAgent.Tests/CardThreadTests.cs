// SPDX-License-Identifier: GPL-3.0-or-later
// What the card was to get, and what came from it, when nobody waits for it any more: nothing of it stays.
using System.Reflection;
using CardUnlock;
using UnlockAgent.Machine;
using UnlockAgent.Shell;
using CardReport = UnlockAgent.Shell.CardReport;

namespace UnlockAgent.Tests;

public sealed class CardThreadTests : IDisposable
{
    // It waits for a first frame that nobody tells it of.
    private readonly CardThread card = new(new KeySource(KeySource.None, device: null));
    private readonly SecretBuffer secret = SecretBuffer.Allocate(8);

    public void Dispose()
    {
        card.Dispose();
        secret.Dispose();
    }

    [Fact]
    public void A_PIN_that_the_card_was_to_get_is_zeroed_when_a_passphrase_came_first()
    {
        card.Unlock(secret, Screens.Card);
        Assert.False(secret.IsClosed);
        card.Dispose();
        Assert.True(secret.IsClosed);
    }

    [Fact]
    public void A_key_that_nobody_waited_for_is_zeroed()
    {
        Report(card, secret);
        Assert.False(secret.IsClosed);
        card.Dispose();
        Assert.True(secret.IsClosed);
    }

    [Fact]
    public void A_key_that_comes_after_the_end_is_zeroed()
    {
        card.Dispose();
        Report(card, secret);
        Assert.True(secret.IsClosed);
    }

    /// <summary>As the card's thread reports a key.</summary>
    internal static void Report(CardThread card, SecretBuffer key) => typeof(CardThread)
        .GetMethod("Post", BindingFlags.Instance | BindingFlags.NonPublic)!
        .Invoke(card, [new CardReport(new AgentEvent.CardAnswered(CardOutcome.Key), key)]);
}
