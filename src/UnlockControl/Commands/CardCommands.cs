// SPDX-License-Identifier: GPL-3.0-or-later
// card …: the card itself, whatever it opens. Root is not needed: pcscd says who may use a card.
using System.CommandLine;
using UnlockControl.Cards;

namespace UnlockControl.Commands;

internal static class CardCommands
{
    private static readonly Option<string?> Reader = new("--reader")
    {
        Description = "The card in the reader of that name, or of a name with that in it",
        HelpName = "NAME",
    };

    private static readonly Option<string?> Serial = new("--serial")
    {
        Description = "The card of that serial number, or of one that ends so",
        HelpName = "NUMBER",
    };

    private static readonly Option<bool> Admin = new("--admin") { Description = "The admin PIN, not the PIN", Arity = ArgumentArity.Zero };

    private static readonly Option<bool> ByAdmin = new("--admin")
    {
        Description = "With the admin PIN, not with the resetting code",
        Arity = ArgumentArity.Zero,
    };

    public static ControlCommand Card()
    {
        Reader.CompletionSources.Add(_ => Known.Readers());
        Serial.CompletionSources.Add(_ => Known.Cards());
        return new ControlCommand("card", "Look after a card: what it is, its PIN, its codes.")
        {
            Info(), ChangePin(), Unblock(), SetResetCode(),
        };
    }

    private static ControlCommand Info() => new ControlCommand("info", "Show what the card says of itself.")
    {
        Examples = [("unlockctl card info", "Maker, serial number, key, and how many tries are left.")],
        ExitCodes = [ExitCode.NoCard, ExitCode.GivenUp],
        Options = { Reader, Serial },
    }.Does((line, person) => new CardCare(person).Info(WantedOf(line)));

    private static ControlCommand ChangePin() => new ControlCommand("change-pin", "Give the card another PIN, or another admin PIN.")
    {
        Examples =
        [
            ("unlockctl card change-pin", "Asks for the PIN once and for the new one twice."),
            ("unlockctl card change-pin --admin", "The same for the admin PIN."),
        ],
        ExitCodes = [ExitCode.NoCard, ExitCode.Refused, ExitCode.GivenUp, ExitCode.Interrupted],
        Options = { Admin, Reader, Serial },
    }.Does((line, person) => new CardCare(person).ChangePin(WantedOf(line), line.GetValue(Admin)));

    private static ControlCommand Unblock() => new ControlCommand("unblock", "Give a card whose PIN was entered wrong too often a new one.")
    {
        Examples =
        [
            ("unlockctl card unblock", "With the resetting code."),
            ("unlockctl card unblock --admin", "With the admin PIN, where no resetting code was set."),
        ],
        ExitCodes = [ExitCode.NoCard, ExitCode.Refused, ExitCode.GivenUp, ExitCode.Interrupted],
        Options = { ByAdmin, Reader, Serial },
    }.Does((line, person) => new CardCare(person).Unblock(WantedOf(line), line.GetValue(ByAdmin)));

    private static ControlCommand SetResetCode() => new ControlCommand("set-reset-code", "Set the code that unblocks the PIN, also at boot.")
    {
        Examples = [("unlockctl card set-reset-code", "Asks for the admin PIN once and for the new code twice.")],
        ExitCodes = [ExitCode.NoCard, ExitCode.Refused, ExitCode.GivenUp, ExitCode.Interrupted],
        Options = { Reader, Serial },
    }.Does((line, person) => new CardCare(person).SetResetCode(WantedOf(line)));

    private static CardWish WantedOf(ParseResult line) => new(line.GetValue(Reader), line.GetValue(Serial));
}
