// SPDX-License-Identifier: GPL-3.0-or-later
// enroll, as a person sees it: the real program at a terminal, a real pcscd, cards that gpg put the keys on.

using CardSimulator;
using CardUnlock;

namespace UnlockControl.Tests.Enrolment;

[Collection(OneLab.Name)]
public sealed class EnrollTests(EnrolmentLab lab)
{
    [Fact]
    public void A_card_opens_the_volume_with_what_enroll_made()
    {
        using var system = new TestSystem(lab);
        var card = lab.Card("ada");
        using var reader = lab.Reader(card);
        reader.Insert();
        using (var person = system.Unlockctl("enroll", "--yes"))
        {
            person.WaitFor("Passphrase of root_crypt");
            person.TypeLine(EnrolmentLab.Passphrase);
            Assert.Contains("3 tries left", person.WaitFor("PIN of the card Ada Lovelace") + person.WaitFor(":"), StringComparison.Ordinal);
            person.TypeLine(EnrolmentLab.Pin);
            person.WaitFor("Done:");
            Assert.Equal(0, person.WaitForExit());
        }

        Assert.Equal(1, card.VerifyCount);
        Assert.Contains($"{TestSystem.Volume}\t{system.Disk}  none\tluks,discard,keyscript=unlock-agent,initramfs\t# keep me", system.Crypttab, StringComparison.Ordinal);
    }
}
