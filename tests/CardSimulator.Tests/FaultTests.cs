// SPDX-License-Identifier: GPL-3.0-or-later
// The card goes wrong as it is told, when it is told, and tells what it saw.

namespace CardSimulator.Tests;

public sealed class FaultTests
{
    private const ushort TouchMissing = 0x6600;
    private const string AskTries = "00200082";
    private const string WrongPin = "393939393939";

    [Fact]
    public void The_nth_command_is_answered_with_a_given_status_word_and_not_worked_on()
    {
        Host host = new();
        host.Card.Faults.FailAt(2, 0x6F00);

        Assert.Equal("63C3", host.Send(AskTries));
        Assert.Equal("6F00", host.Send("00200082", WrongPin));
        Assert.Equal("63C3", host.Send(AskTries));
    }

    [Fact]
    public void An_answer_becomes_another_one_after_the_work_and_something_else_happens_meanwhile()
    {
        Host host = new();
        int happened = 0;
        host.Card.Faults.ChangeAt(1, static answer => [.. answer, 0xAA]);
        host.Card.Faults.CallAt(2, () => happened = host.Card.Log.Count);

        Assert.Equal("6982AA", host.Send("00200082", WrongPin));
        Assert.Equal("63C2", host.Send(AskTries));

        // SELECT and the changed one.
        Assert.Equal(2, happened);
    }

    [Fact]
    public void An_instruction_fails_as_often_as_told()
    {
        Host host = new();
        host.Card.Faults.FailInstruction(0xCA, TouchMissing, 2);

        Assert.Equal("6600", host.Send("00CA00C400"));
        Assert.Equal("63C3", host.Send(AskTries));
        Assert.Equal("6600", host.Send("00CA00C400"));
        Assert.EndsWith("9000", host.Send("00CA00C400"));
    }

    [Theory]
    [InlineData(false, 3)]
    [InlineData(true, 2)]
    public void A_card_pulled_at_verify_has_spent_a_try_only_if_it_had_worked(bool afterWork, int triesLeft)
    {
        Host host = new();
        int pulled = 0;
        host.Card.Pulled += (_, _) => pulled++;
        host.Card.Faults.PullAtInstruction(0x20, afterWork);

        Assert.Throws<CardPulledException>(() => host.Send("00200082", WrongPin));

        Assert.Equal(1, pulled);
        Assert.Equal(triesLeft, host.Card.UserTriesLeft);
        Assert.Equal("6985", host.Send(AskTries));
    }

    [Fact]
    public void A_card_pulled_at_the_nth_command_forgets_that_it_was_verified()
    {
        Host host = new();
        host.Card.Faults.PullAt(2);

        host.Verify("82", Host.UserPin);
        Assert.Throws<CardPulledException>(() => host.Send(AskTries));
        Assert.False(host.Card.IsUserVerified);
    }

    [Fact]
    public void A_slow_command_that_loses_power_never_happens()
    {
        Host host = new();
        host.Card.Faults.DelayAt(1, TimeSpan.FromMinutes(5));
        using Timer powerCut = new(_ => host.Card.PowerOff(), null, 50, Timeout.Infinite);

        Assert.Throws<CardPulledException>(() => host.Send("00200082", WrongPin));

        Assert.Equal(3, host.Card.UserTriesLeft);
    }

    [Fact]
    public void Cleared_faults_do_not_happen()
    {
        Host host = new();
        host.Card.Faults.DelayEach = TimeSpan.FromMinutes(5);
        host.Card.Faults.PullAt(1);
        host.Card.Faults.FailAt(1, 0x6F00);

        host.Card.Faults.Clear();

        Assert.Equal("63C3", host.Send(AskTries));
    }

    [Fact]
    public void The_log_holds_headers_and_lengths_and_no_data()
    {
        Host host = new();
        host.Card.ClearLog();

        host.Send("00200082", WrongPin);
        host.Send(AskTries);

        Assert.Equal(["00200082 6 6982", "00200082 0 63C2"], host.Card.Log.Select(entry => entry.ToString()));
        Assert.Equal(1, host.Card.VerifyCount);
    }
}
