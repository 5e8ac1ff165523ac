// SPDX-License-Identifier: GPL-3.0-or-later
// The commands that change who can open a volume: each gathers its options and calls one method of Enroller.
using System.CommandLine;
using UnlockControl.Enrolment;

namespace UnlockControl.Commands;

internal static class EnrolmentCommands
{
    private static readonly Option<string[]> Recipient = new("--recipient")
    {
        Description = "Also for the OpenPGP public key in this file; may be repeated",
        HelpName = "FILE",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<bool> AnotherCard = new("--another-card")
    {
        Description = "Ask for one more card, after the one in the reader; may be repeated",
        Arity = new ArgumentArity(0, 0),
        AllowMultipleArgumentsPerToken = false,
    };

    private static readonly Option<string?> KeyFile = new("--key-file")
    {
        Description = "Keep the encrypted key in this file, not in the volume's header",
        HelpName = "PATH",
    };

    private static readonly Option<string?> UnlockKeyFile = new("--unlock-key-file")
    {
        Description = "Open the volume with the key in this file, not with a passphrase",
        HelpName = "PATH",
    };

    private static readonly Option<bool> DryRun = new("--dry-run", "-n") { Description = "Show every step and do none", Arity = ArgumentArity.Zero };

    private static readonly Option<bool> Yes = new("--yes", "-y")
    {
        Description = "Agree beforehand to what is shown: crypttab's change, whom a new key is for",
        Arity = ArgumentArity.Zero,
    };

    private static readonly Option<bool> WithoutTest = new("--without-test")
    {
        Description = "Go on where none of the cards that stay can be put in to prove the new key",
        Arity = ArgumentArity.Zero,
    };

    private static readonly Option<bool> EvenTheLast = new("--even-the-last-way-in")
    {
        Description = "Even where nothing would open the volume any more; its name must be typed too",
        Arity = ArgumentArity.Zero,
    };

    private static readonly Option<bool> All = new("--all") { Description = "Every volume that a card opens", Arity = ArgumentArity.Zero };

    private static readonly Option<bool> KeepKeys = new("--keep-keys")
    {
        Description = "Leave keyslots and tokens in the volume: only how a boot asks changes",
        Arity = ArgumentArity.Zero,
    };

    /// <summary>Adds them in the order in which a person meets them.</summary>
    public static void AddTo(Command root)
    {
        root.Add(Enroll());
        root.Add(AddCard());
        root.Add(RemoveCard());
        root.Add(Rotate());
        root.Add(Test());
        root.Add(BackupHeader());
        root.Add(Disable());
    }

    private static ControlCommand Enroll()
    {
        Argument<string?> volume = Volume();
        return new ControlCommand("enroll", "Have a volume opened by the card in the reader.")
        {
            Examples =
            [
                ("unlockctl enroll", "The root's volume, with the card in the reader."),
                ("unlockctl enroll root_crypt --another-card", "That volume, with this card and a second one as a spare."),
                ("unlockctl enroll --recipient office.asc --dry-run", "Show what would be done for a key from a file too."),
            ],
            ExitCodes = [ExitCode.NoCard, ExitCode.Refused, ExitCode.GivenUp, ExitCode.NotUndone, ExitCode.Interrupted],
            NeedsRoot = true,
            Arguments = { volume },
            Options = { Recipient, AnotherCard, KeyFile, UnlockKeyFile, DryRun, Yes },
        }.Does((line, person) => new Enroller(person).Enroll(OptionsOf(line, volume)));
    }

    private static ControlCommand AddCard()
    {
        Argument<string?> volume = Volume();
        return new ControlCommand("add-card", "Let one more card open a volume that a card opens already.")
        {
            Examples =
            [
                ("unlockctl add-card", "Let the card in the reader open the root's volume too."),
                ("unlockctl add-card --recipient spare.asc", "Let the card open it whose public key is in the file."),
            ],
            ExitCodes = [ExitCode.NoCard, ExitCode.Refused, ExitCode.GivenUp, ExitCode.NotUndone, ExitCode.Interrupted],
            NeedsRoot = true,
            Arguments = { volume },
            Options = { Recipient, AnotherCard, UnlockKeyFile, WithoutTest, DryRun, Yes },
        }.Does((line, person) => new Enroller(person).AddCard(OptionsOf(line, volume)));
    }

    private static ControlCommand RemoveCard()
    {
        Argument<string> card = new("CARD")
        {
            HelpName = "CARD",
            Description = "A serial number, a name or a fingerprint's end, as 'unlockctl list' prints it",
        };
        _ = card.NoOption();
        card.CompletionSources.Add(_ => Known.Cards());
        Argument<string?> volume = Volume();
        return new ControlCommand("remove-card", "Let a card open a volume no more: a new key for the others, the old one removed.")
        {
            Examples =
            [
                ("unlockctl remove-card 0006:12345678", "A card that was lost opens the disk no more."),
                ("unlockctl remove-card 'Blue card' data_crypt", "Another volume than the root's."),
            ],
            ExitCodes =
            [
                ExitCode.NoCard, ExitCode.Refused, ExitCode.LastWayIn, ExitCode.GivenUp, ExitCode.NotUndone, ExitCode.Interrupted,
            ],
            NeedsRoot = true,
            Arguments = { card, volume },
            Options = { EvenTheLast, Recipient, UnlockKeyFile, WithoutTest, DryRun, Yes },
        }.Does((line, person) =>
            new Enroller(person).RemoveCard(OptionsOf(line, volume), line.GetValue(card)!, line.GetValue(EvenTheLast)));
    }

    private static ControlCommand Rotate()
    {
        Argument<string?> volume = Volume();
        return new ControlCommand("rotate", "Give a volume a new key for the same cards, and remove the old one.")
        {
            Examples = [("unlockctl rotate", "A new key for the root's volume; the old one opens nothing any more.")],
            ExitCodes = [ExitCode.NoCard, ExitCode.Refused, ExitCode.GivenUp, ExitCode.NotUndone, ExitCode.Interrupted],
            NeedsRoot = true,
            Arguments = { volume },
            Options = { Recipient, UnlockKeyFile, WithoutTest, DryRun, Yes },
        }.Does((line, person) => new Enroller(person).Rotate(OptionsOf(line, volume)));
    }

    private static ControlCommand Test()
    {
        Argument<string?> volume = Volume();
        return new ControlCommand("test", "Try what the next boot will do, on the real screen and the real volume, without a reboot.")
        {
            Examples = [("unlockctl test", "Show the PIN pad, enter the PIN, and see whether the root's volume would open.")],
            ExitCodes = [ExitCode.NoCard, ExitCode.Refused, ExitCode.GivenUp, ExitCode.Interrupted],
            NeedsRoot = true,
            Arguments = { volume },
        }.Does((line, person) => new Enroller(person).Test(new EnrolOptions(line.GetValue(volume))));
    }

    private static ControlCommand BackupHeader()
    {
        Argument<string> file = new("FILE") { Description = "The file to write; it must not be there yet" };
        _ = file.NoOption();
        Argument<string?> volume = Volume();
        return new ControlCommand("backup-header", "Write a volume's header, with its keyslots and tokens, to a file.")
        {
            Examples = [("unlockctl backup-header /media/stick/root-header.img", "Against a damaged header; keep it as safe as the disk.")],
            NeedsRoot = true,
            Arguments = { file, volume },
        }.Does((line, person) => new Enroller(person).BackupHeader(new EnrolOptions(line.GetValue(volume)), line.GetValue(file)!));
    }

    private static ControlCommand Disable()
    {
        Argument<string?> volume = Volume();
        return new ControlCommand("disable", "Go back to the passphrase: no card opens the volume any more.")
        {
            Examples =
            [
                ("unlockctl disable", "The root's volume asks for its passphrase again."),
                ("unlockctl disable --all --keep-keys", "As the package's removal does: every volume, keyslots left alone."),
            ],
            ExitCodes = [ExitCode.LastWayIn, ExitCode.GivenUp, ExitCode.NotUndone, ExitCode.Interrupted],
            NeedsRoot = true,
            Arguments = { volume },
            Options = { All, KeepKeys, UnlockKeyFile, DryRun, Yes },
        }.Does((line, person) =>
            new Enroller(person).Disable(OptionsOf(line, volume), line.GetValue(All), line.GetValue(KeepKeys)));
    }

    private static Argument<string?> Volume()
    {
        Argument<string?> volume = new("VOLUME")
        {
            HelpName = "VOLUME",
            Description = "A name of crypttab, a device or a UUID; without it: the root's, or the only one",
            Arity = ArgumentArity.ZeroOrOne,
        };
        volume.CompletionSources.Add(_ => Known.Volumes());
        return volume.NoOption();
    }

    private static EnrolOptions OptionsOf(ParseResult line, Argument<string?> volume) => new(line.GetValue(volume))
    {
        RecipientFiles = line.GetResult(Recipient) is null ? [] : line.GetValue(Recipient) ?? [],
        MoreCards = line.GetResult(AnotherCard)?.IdentifierTokenCount ?? 0,
        KeyFile = line.GetValue(KeyFile),
        UnlockKeyFile = line.GetValue(UnlockKeyFile),
        DryRun = line.GetValue(DryRun),
        Yes = line.GetValue(Yes),
        WithoutTest = line.GetValue(WithoutTest),
    };
}
