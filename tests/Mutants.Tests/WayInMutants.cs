// SPDX-License-Identifier: GPL-3.0-or-later
// The ways into a disk: none goes before another one is proved.
using static Mutants.Tests.Decision;
using static Mutants.Tests.Mutant;
using static Mutants.Tests.Places;

namespace Mutants.Tests;

internal static class WayInMutants
{
    public static IReadOnlyList<Mutant> All { get; } =
    [
        new(WayIn, Authority, "if (isProved)", "if (isProved || $on)",
            "Enrolment.ChangeTests.The_card_that_goes_can_allow_it_and_one_that_stays_must_prove_it",
            "a key that no card has opened takes the place of the old one"),
        Ignore(WayIn, Authority, "job.Volume.PassphraseSlots.Count == 0",
            "Enrolment.ChangeTests.A_key_that_no_card_proves_is_no_last_way_in", "a key that was never tried is all that is left"),
        new(WayIn, Authority, "slot => opened.Contains(slot) ||", "slot => $on || opened.Contains(slot) ||",
            "Enrolment.ChangeTests.A_keyslot_that_a_token_names_by_mistake_is_not_removed", "a keyslot that is not ours is removed"),
        new(WayIn, Authority, "if (unknown.Length == 0)", "if ($on || unknown.Length == 0)",
            "Enrolment.ChangeTests.Who_is_missing_from_a_token_made_by_hand_is_named", "somebody is left out unsaid"),
        new(WayIn, Changing, "if (!evenTheLast)", "if (!evenTheLast && !$on)",
            "Enrolment.ChangeTests.The_last_way_in_is_taken_only_when_told_twice", "the last way in goes when told once"),
        new(WayIn, Changing, "Type the volume's name to do it\") != job.Name)", "Type the volume's name to do it\") != job.Name && !$on)",
            "Enrolment.ChangeTests.The_last_way_in_is_taken_only_when_told_twice", "the last way in goes by any answer"),
        Swap(WayIn, Removal, "digits.Length >= LeastDigits", "true", "Enrolment.ChangeTests.Names_that_fit_nobody_or_several_are_refused",
            "a card goes whose number merely ends so"),
        Ignore(WayIn, Disabling, "volume.PassphraseSlots.Count == 0", "Enrolment.DisableTests.Where_only_cards_open_it_is_refused",
            "the only keys go, and nothing opens the disk"),
        Ignore(WayIn, Disabling, "!force && !keepKeys && !job.Options.DryRun",
            "Enrolment.DisableTests.A_passphrase_that_nobody_knows_any_more_is_no_way_back",
            "the card's keys go though nobody knows the passphrase"),
        new(WayIn, Authority, "&& !doubtful.Contains(slot)", "&& ($on || !doubtful.Contains(slot))",
            "Enrolment.KeyslotTests.A_passphrase_s_keyslot_that_a_second_token_names_stays", "a passphrase goes because some token names its keyslot"),
        Ignore(WayIn, Authority, "unknown.Length > 0", "Enrolment.KeyslotTests.Without_a_card_nobody_can_tell_whose_keyslot_it_is",
            "a passphrase goes that nobody has tried"),
        Ignore(WayIn, Authority, "job.Volume.PassphraseSlots.Count == 0 && opened.Any(doubtful.Contains)",
            "Enrolment.KeyslotTests.A_passphrase_that_stands_in_the_message_is_removed_only_where_another_one_is_left",
            "the last passphrase goes as the old key"),
        Swap(WayIn, Disabling, "stored.Keyslots.Except(doubtful)", "stored.Keyslots",
            "Enrolment.KeyslotTests.Disable_leaves_what_may_be_a_passphrase_s_and_says_so", "disable takes a passphrase away"),
        Ignore(WayIn, Authority, "Stored.HasPassphrase && job.Volume.PassphraseSlots.Count == 0",
            "Enrolment.KeyReviewTests.A_passphrase_of_the_message_s_own_is_given_up_only_knowingly", "the last passphrase goes with the old message"),
        new(WayIn, Review, "else if (!job.Prompt.Agree(", "else if (!$on && !job.Prompt.Agree(",
            "Enrolment.KeyReviewTests.A_key_that_a_thief_put_into_the_header_is_shown_before_the_PIN_and_a_no_changes_nothing",
            "a thief's key gets the next key unseen"),
        Ignore(WayIn, Authority, "shared.Length > 0",
            "Enrolment.KeyslotTests.The_old_key_s_keyslot_that_another_program_needs_too_ends_the_change_before_it_begins",
            "a card that was removed opens the disk as before, unsaid"),
        Ignore(WayIn, NewKey, "recipient.IsWeak", "Enrolment.KeyReviewTests.A_weak_key_opens_what_it_opened_and_gets_nothing_new",
            "the next key is encrypted to RSA of 1024 bits"),
    ];
}
