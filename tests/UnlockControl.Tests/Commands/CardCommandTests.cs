// SPDX-License-Identifier: GPL-3.0-or-later
// unlockctl card …, at a real terminal, with a real pcscd and simulated cards: what is asked, what is sent, and how often.

using System.Text;
using CardSimulator;

namespace UnlockControl.Tests.Commands;

public sealed class CardCommandTests : IDisposable
{
    private const byte ChangeReferenceData = 0x24;
    private const byte ResetRetryCounter = 0x2C;
    private readonly CardShelf shelf = new();

    [Fact]
    public void Info_says_what_the_card_says_of_itself()
    {
        shelf.Insert();
        (int code, string output, _) = ControlProgram.Run(["card", "info"], shelf.ApplyTo);
        Assert.Equal(0, code);
        Assert.Contains("C0FFEE", output);
        Assert.Contains("3 tries left, 6 to 127 characters", output);
        Assert.Contains("Decryption key          none", output);
    }

    [Fact]
    public void Info_asks_the_card_for_no_code()
    {
        VirtualCard card = shelf.Insert();
        ControlProgram.Run(["card", "info"], shelf.ApplyTo);
        Assert.Equal(0, card.VerifyCount);
    }

    [Fact]
    public void The_PIN_is_changed_and_nothing_typed_is_seen()
    {
        VirtualCard card = shelf.Insert();
        using PersonAtTerminal person = shelf.AtTerminal("card", "change-pin");
        person.WaitFor("(3 tries left): ");
        Assert.False(person.Echoes);
        person.TypeLine("123456");
        person.WaitFor("New PIN (6 to 127 characters): ");
        person.TypeLine("654321");
        person.WaitFor("New PIN again: ");
        person.TypeLine("654321");
        person.WaitFor("is changed");
        Assert.Equal(0, person.WaitForExit());
        Assert.True(person.Echoes);
        Assert.DoesNotContain("123456", person.Shown);
        Assert.DoesNotContain("654321", person.Shown);
        Assert.Equal(1, card.Log.Count(command => command.Ins == ChangeReferenceData));
        Assert.True(IsPin(card, "654321"));
    }

    [Fact]
    public void A_wrong_PIN_is_sent_once_and_the_tries_that_are_left_are_said()
    {
        VirtualCard card = shelf.Insert();
        using PersonAtTerminal person = shelf.AtTerminal("card", "change-pin");
        Answer(person, "(3 tries left): ", "000000");
        Answer(person, "characters): ", "654321");
        Answer(person, "again: ", "654321");
        person.WaitFor("2 tries are left.");
        Assert.Equal((int)ExitCode.Refused, person.WaitForExit());
        Assert.Equal(2, card.UserTriesLeft);
        Assert.Equal(1, card.Log.Count(command => command.Ins == ChangeReferenceData));
    }

    [Fact]
    public void A_new_PIN_that_was_typed_differently_is_asked_for_again()
    {
        VirtualCard card = shelf.Insert();
        using PersonAtTerminal person = shelf.AtTerminal("card", "change-pin");
        Answer(person, "(3 tries left): ", "123456");
        Answer(person, "characters): ", "654321");
        Answer(person, "again: ", "654322");
        person.WaitFor("They differ");
        Answer(person, "characters): ", "777777");
        Answer(person, "again: ", "777777");
        Assert.Equal(0, person.WaitForExit());
        Assert.True(IsPin(card, "777777"));
    }

    [Fact]
    public void A_code_that_is_too_short_is_never_sent()
    {
        VirtualCard card = shelf.Insert();
        using PersonAtTerminal person = shelf.AtTerminal("card", "change-pin");
        Answer(person, "(3 tries left): ", "12345");
        person.WaitFor("6 to 127 characters");
        person.WaitFor("(3 tries left): ");
        person.Type("\x04");
        Assert.Equal((int)ExitCode.GivenUp, person.WaitForExit());
        Assert.Equal(3, card.UserTriesLeft);
        Assert.DoesNotContain(card.Log, command => command.Ins == ChangeReferenceData);
    }

    [Fact]
    public void The_last_try_is_asked_about_first()
    {
        VirtualCard card = shelf.Insert();
        Miss(card, 2);
        using PersonAtTerminal person = shelf.AtTerminal("card", "change-pin");
        Answer(person, "a wrong one blocks it. Go on? [y/N]: ", "n");
        Assert.Equal((int)ExitCode.GivenUp, person.WaitForExit());
        Assert.Equal(1, card.UserTriesLeft);
    }

    [Fact]
    public void A_blocked_PIN_is_not_asked_for_and_the_way_on_is_said()
    {
        VirtualCard card = shelf.Insert();
        Miss(card, 3);
        using PersonAtTerminal person = shelf.AtTerminal("card", "change-pin");
        Assert.Equal((int)ExitCode.Refused, person.WaitForExit());
        Assert.Contains("unlockctl card unblock", person.Shown.ReplaceLineEndings(""), StringComparison.Ordinal);
    }

    [Fact]
    public void The_admin_PIN_unblocks_the_PIN()
    {
        VirtualCard card = shelf.Insert();
        Miss(card, 3);
        using PersonAtTerminal person = shelf.AtTerminal("card", "unblock", "--admin");
        Answer(person, "(3 tries left): ", "12345678");
        Answer(person, "characters): ", "888888");
        Answer(person, "again: ", "888888");
        person.WaitFor("has its tries again");
        Assert.Equal(0, person.WaitForExit());
        Assert.Equal(3, card.UserTriesLeft);
        Assert.True(IsPin(card, "888888"));
        Assert.Equal(1, card.Log.Count(command => command.Ins == ResetRetryCounter));
    }

    [Fact]
    public void A_resetting_code_is_set_and_unblocks_the_PIN()
    {
        VirtualCard card = shelf.Insert();
        using (PersonAtTerminal person = shelf.AtTerminal("card", "set-reset-code"))
        {
            Answer(person, "(3 tries left): ", "12345678");
            Answer(person, "characters): ", "99999999");
            Answer(person, "again: ", "99999999");
            Assert.Equal(0, person.WaitForExit());
        }

        Miss(card, 3);
        using (PersonAtTerminal person = shelf.AtTerminal("card", "unblock"))
        {
            Answer(person, "(3 tries left): ", "99999999");
            Answer(person, "characters): ", "888888");
            Answer(person, "again: ", "888888");
            Assert.Equal(0, person.WaitForExit());
        }

        Assert.True(IsPin(card, "888888"));
    }

    [Fact]
    public void Without_a_resetting_code_unblock_names_the_admin_PIN()
    {
        shelf.Insert();
        (int code, _, string error) = ControlProgram.Run(["card", "unblock"], shelf.ApplyTo);
        Assert.Equal((int)ExitCode.Refused, code);
        Assert.Contains("unlockctl card unblock --admin", error);
    }

    [Fact]
    public void Of_two_cards_the_person_chooses_one()
    {
        shelf.Insert(0x00000001);
        VirtualCard second = shelf.Insert(0x00000002);
        using PersonAtTerminal person = shelf.AtTerminal("card", "change-pin");
        Answer(person, "Which card? [1-2]: ", "2");
        Answer(person, "(3 tries left): ", "123456");
        Answer(person, "characters): ", "222222");
        Answer(person, "again: ", "222222");
        Assert.Equal(0, person.WaitForExit());
        Assert.True(IsPin(second, "222222"));
    }

    [Fact]
    public void Of_two_cards_the_serial_number_names_one()
    {
        shelf.Insert(0x00000001);
        shelf.Insert(0x00000002);
        (int code, string output, _) = ControlProgram.Run(["card", "info", "--serial", "00000002"], shelf.ApplyTo);
        Assert.Equal(0, code);
        Assert.Contains("00000002", output);
        Assert.DoesNotContain("00000001", output);
    }

    [Fact]
    public void Of_two_cards_and_nobody_to_ask_none_is_taken()
    {
        shelf.Insert(0x00000001);
        shelf.Insert(0x00000002);
        (int code, _, string error) = ControlProgram.Run(["card", "info"], shelf.ApplyTo);
        Assert.Equal((int)ExitCode.GivenUp, code);
        Assert.Contains("--serial", error);
    }

    [Fact]
    public void A_card_that_is_pulled_during_the_question_changes_nothing()
    {
        VirtualCard card = shelf.Insert();
        using PersonAtTerminal person = shelf.AtTerminal("card", "change-pin");
        Answer(person, "(3 tries left): ", "123456");
        Answer(person, "characters): ", "654321");
        person.WaitFor("again: ");
        shelf.Pull();
        person.TypeLine("654321");
        person.WaitFor("was taken out");
        Assert.Equal((int)ExitCode.NoCard, person.WaitForExit());
        Assert.DoesNotContain(card.Log, command => command.Ins == ChangeReferenceData);
    }

    [Fact]
    public void A_card_that_is_pulled_while_it_changes_the_PIN_leaves_two_that_may_hold()
    {
        VirtualCard card = shelf.Insert();
        using PersonAtTerminal person = shelf.AtTerminal("card", "change-pin");
        Answer(person, "(3 tries left): ", "123456");
        Answer(person, "characters): ", "654321");
        person.WaitFor("again: ");
        card.Faults.PullAtInstruction(ChangeReferenceData);
        person.TypeLine("654321");
        person.WaitFor("keep both");
        Assert.Equal((int)ExitCode.NoCard, person.WaitForExit());
    }

    [Fact]
    public void Without_a_card_the_person_is_told_to_put_one_in()
    {
        (int code, _, string error) = ControlProgram.Run(["card", "info"], shelf.ApplyTo);
        Assert.Equal((int)ExitCode.NoCard, code);
        Assert.Contains("Put one in", error);
    }

    [Fact]
    public void Without_pcscd_the_person_is_told_how_to_start_it()
    {
        (int code, _, string error) = ControlProgram.Run(
            ["card", "info"], start => start.Environment[PcscDaemon.SocketVariable] = "/nowhere/pcscd.comm");
        Assert.Equal((int)ExitCode.NoCard, code);
        Assert.Contains("systemctl start pcscd.socket", error);
        Assert.DoesNotContain("   at ", error);
    }

    public void Dispose() => shelf.Dispose();

    private static void Answer(PersonAtTerminal person, string question, string answer)
    {
        person.WaitFor(question);
        person.TypeLine(answer);
    }

    // Asked of the card behind pcscd's back, when nobody uses it.
    private static bool IsPin(VirtualCard card, string pin) => Verify(card, pin) == 0x9000;

    private static void Miss(VirtualCard card, int times)
    {
        for (int i = 0; i < times; i++)
        {
            Verify(card, "000000");
        }
    }

    private static int Verify(VirtualCard card, string pin)
    {
        card.Transmit([0x00, 0xA4, 0x04, 0x00, 6, 0xD2, 0x76, 0x00, 0x01, 0x24, 0x01]);
        byte[] answer = card.Transmit([0x00, 0x20, 0x00, 0x82, (byte)pin.Length, .. Encoding.ASCII.GetBytes(pin)]);
        return (answer[^2] << 8) | answer[^1];
    }
}
