// SPDX-License-Identifier: GPL-3.0-or-later
// The agent of the next try, after a card's key that opened nothing: a card that is still verified is asked without a person, so who cannot
// be told that its key was refused must find one that is not.

using HostPhone;

namespace Faults.Tests;

public sealed class NextTryTests(Lab lab) : IClassFixture<Lab>
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(30);

    private string RunFolder => Path.Combine(lab.Phone.Folder, "run", "unlock-agent");

    [Fact]
    public void Told_of_the_refused_key_it_leaves_the_card_alone()
    {
        UnlockOnce();
        using var next = StartNext(tried: 1);
        Assert.True(SpinWait.SpinUntil(() => lab.Phone.KernelLog.Contains("The card's key does not open", StringComparison.Ordinal), patience));
        Assert.False(next.AwaitEnd(TimeSpan.FromSeconds(2)));
    }

    /// <summary>The control of the next: what makes two volumes need one PIN.</summary>
    [Fact]
    public void Where_no_try_was_before_it_the_verified_card_gives_the_key_again()
    {
        UnlockOnce();
        using var next = StartNext(tried: 0);
        Assert.True(next.AwaitEnd(patience));
        Assert.Equal((0, 1), (next.ExitCode, lab.Card.VerifyCount));
    }

    [Fact]
    public void Where_no_word_can_be_left_the_next_one_needs_the_PIN()
    {
        lab.Prepare(Profile.Curve25519);
        if (Directory.Exists(RunFolder))
        {
            Directory.Delete(RunFolder, recursive: true);
        }

        File.WriteAllText(RunFolder, "");
        Unlock();
        using var next = StartNext(tried: 1);
        Assert.NotNull(lab.Phone.Await(next, patience, Screen.Pin(3)));
        Assert.False(next.AwaitEnd(TimeSpan.FromSeconds(2)));
        Assert.Equal((1, 3), (lab.Card.VerifyCount, lab.Card.UserTriesLeft));
        File.Delete(RunFolder);
    }

    // With what the first one left in /run.
    private AgentRun StartNext(int tried) => new(lab.Phone, new AgentOptions(lab.KeyFile, lab.Socket) { Tried = tried });

    private void UnlockOnce()
    {
        lab.Prepare(Profile.Curve25519);
        Unlock();
    }

    private void Unlock()
    {
        using var first = lab.Phone.Start(new AgentOptions(lab.KeyFile, lab.Socket));
        Assert.NotNull(lab.Phone.Await(first, patience, Screen.Pin(3)));
        lab.Phone.Type(Screen.Pin(3), CardKeys.Pin);
        Assert.NotNull(lab.Phone.Await(first, patience, Screen.Pin(3, CardKeys.Pin.Length)));
        lab.Phone.Confirm(Screen.Pin(3));
        Assert.True(first.AwaitEnd(patience));
        Assert.Equal(0, first.ExitCode);
    }
}
