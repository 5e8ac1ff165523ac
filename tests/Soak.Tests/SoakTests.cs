// SPDX-License-Identifier: GPL-3.0-or-later
// One process, a thousand unlocks, ten thousand confirmed PINs, right and wrong, with random faults among them: every key is the right one, the card
// counts what was confirmed and nothing else, and what this process and pcscd hold does not grow.
using System.Text;
using CardSimulator;
using CardUnlock;
using EmulatedPhone;
using UnlockAgent.Machine;

namespace Soak.Tests;

/// <summary>One pcscd for the process: libpcsclite settles on a socket at its first call.</summary>
public sealed class SoakService : IDisposable
{
    public SoakService() => Daemon.UseInThisProcess();

    public PcscDaemon Daemon { get; } = PcscDaemon.Start("Soak reader");

    public void Dispose() => Daemon.Dispose();
}

public sealed class SoakTests(SoakService service) : IClassFixture<SoakService>
{
    private const int Seed = 20261125;
    private const string WrongPin = "654321";
    private const string Passphrase = "tulip river";

    // VERIFY and PERFORM SECURITY OPERATION.
    private const byte Verify = 0x20, Decipher = 0x2A;

    // "Memory failure", "conditions of use not satisfied", "no precise diagnosis" (ISO 7816-4 section 5.6), and one of nobody's.
    private static readonly ushort[] foreignWords = [0x6581, 0x6985, 0x6F00, 0xFFFF];

    // What the first unlocks load, compile and keep for the next ones.
    private const int WarmUp = 150;

    // Of a page each for 10,000 entries, or of one thread's stack for 1,000 unlocks, it would be a multiple.
    private const int ToleratedKilobytes = 12 * 1024;

    [Fact]
    public void Unlocks_and_entries_leave_nothing_behind_and_cost_what_was_confirmed() => Soak(unlocks: 400, entries: 4_000);

    [Fact]
    [Trait("When", "All")]
    public void A_thousand_unlocks_and_ten_thousand_entries_leave_nothing_behind() => Soak(unlocks: 1_000, entries: 10_000);

    private void Soak(int unlocks, int entries)
    {
        using var person = new PatientPerson(service.Daemon);
        var random = new Random(Seed);
        Possessions? own = null, others = null;
        int faults = 0;
        for (int unlock = 1; unlock <= unlocks; unlock++)
        {
            if (unlock == WarmUp)
            {
                (own, others) = Look(person);
            }

            person.Begin();
            faults += Interfere(person, random);
            EnterWrongPins(person, ((entries - person.Confirmed) / (unlocks - unlock + 1)) - 1);
            Open(person, random);
            Assert.Equal(3, person.Card.UserTriesLeft);
        }

        Assert.InRange(person.Confirmed, entries, entries + unlocks);
        Assert.InRange(faults, unlocks / 2, unlocks);
        AssertNothingGrew(own!, others!, Look(person));
    }

    /// <summary>One thing that goes wrong before the person is done; each leaves the PIN pad as it was. A card that is put in again takes a second: seldom.</summary>
    private static int Interfere(PatientPerson person, Random random)
    {
        switch (random.Next(12))
        {
            case 0:
                person.AwaitPinPad();
                person.Flood(random, 40);
                return 1;
            case 1:
                person.AwaitPinPad();
                person.Type("12");
                person.Tap(ButtonAction.UsePassphrase);
                person.Type("abc");
                person.Tap(ButtonAction.UseCard);
                return 1;
            case 2:
                // Wiped by idleness, darkened, and woken by a touch that types nothing.
                person.AwaitPinPad();
                person.Type("123");
                person.Pass(120_000);
                Assert.Equal((0, Light.Dark), (person.State.Typed, person.State.Light));
                person.Touch();
                return 1;
            case 3 when random.Next(5) == 0:
                // While the card is being looked at; a card that was not understood is looked at again when it comes back.
                person.Card.Faults.FailAt(random.Next(1, 4), foreignWords[random.Next(foreignWords.Length)]);
                person.Await(state => state.Card is CardStatus.Ready or CardStatus.Unusable, "the look at the card");
                person.Card.Faults.Clear();
                person.Reinsert();
                return 1;
            case 4:
                FailAt(person, Verify, foreignWords[random.Next(foreignWords.Length)]);
                return 1;
            case 5:
                // The PIN was right: the card is asked again without one.
                FailAt(person, Decipher, foreignWords[random.Next(foreignWords.Length)]);
                person.Await(state => state.CanAskAgain, "that the card can be asked again");
                person.Tap(ButtonAction.Confirm);
                person.TakeKey();
                person.Begin();
                return 1;
            case 6 when random.Next(5) == 0:
                person.AwaitPinPad();
                person.Type("1234");
                person.Reinsert();
                Assert.Equal(0, person.State.Typed);
                return 1;
            case 7:
                person.AwaitPinPad();
                person.Card.Faults.DelayAt(random.Next(1, 4), TimeSpan.FromMilliseconds(50));
                return 1;
            case 8:
                person.AwaitPinPad();
                person.Card.UserTriesLeft = 1;
                person.Enter(KeySet.Pin);
                person.TakeKey();
                person.Begin();
                return 1;
            default:
                return 0;
        }
    }

    /// <summary>The card answers the command with a word that is no outcome: an error on the screen, and no second try by itself.</summary>
    private static void FailAt(PatientPerson person, byte instruction, ushort word)
    {
        person.AwaitPinPad();
        person.Card.Faults.FailInstruction(instruction, word);
        int before = person.Card.VerifyCount;
        person.Enter(KeySet.Pin);
        person.Await(state => state.Notice is Notice.CardError or Notice.ReaderError or Notice.TouchMissed or Notice.NoMatchingKey, "the error");
        Assert.InRange(person.Card.VerifyCount - before, 0, 1);
        person.Card.Faults.Clear();
    }

    private static void EnterWrongPins(PatientPerson person, int count)
    {
        for (int i = 0; i < count; i++)
        {
            person.AwaitPinPad();
            int before = person.Card.VerifyCount;
            person.Enter(WrongPin);
            person.Await(state => state is { Mode: Mode.Card, Notice: Notice.WrongPin, Typed: 0 }, "that the PIN was wrong");
            Assert.Equal(before + 1, person.Card.VerifyCount);
            Assert.Equal(2, person.Card.UserTriesLeft);

            // As the right one would: ten thousand wrong ones need a card that forgives.
            person.Card.UserTriesLeft = 3;
        }
    }

    private static void Open(PatientPerson person, Random random)
    {
        person.AwaitPinPad();
        if (random.Next(10) == 0)
        {
            person.Tap(ButtonAction.UsePassphrase);
            person.Type(Passphrase);
            person.Tap(ButtonAction.Confirm);
            person.TakeKey(Encoding.ASCII.GetBytes(Passphrase));
            return;
        }

        int before = person.Card.VerifyCount;
        person.Enter(KeySet.Pin);
        person.TakeKey();
        Assert.Equal(before + 1, person.Card.VerifyCount);
    }

    private static (Possessions Own, Possessions Service) Look(PatientPerson person)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return (Possessions.Of("self"), Possessions.Of(person.ServiceProcess));
    }

    private static void AssertNothingGrew(Possessions ownBefore, Possessions serviceBefore, (Possessions Own, Possessions Service) after)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"before: {ownBefore}; pcscd: {serviceBefore}");
        TestContext.Current.TestOutputHelper?.WriteLine($"after: {after.Own}; pcscd: {after.Service}");
        AssertNotMore(ownBefore, after.Own);
        AssertNotMore(serviceBefore, after.Service);
    }

    private static void AssertNotMore(Possessions before, Possessions after)
    {
        // The run-time's own threads and descriptors come and go by a few.
        Assert.InRange(after.Descriptors, 0, before.Descriptors + 10);
        Assert.InRange(after.Threads, 0, before.Threads + 5);
        Assert.Equal(before.Children, after.Children);
        Assert.Equal(before.LockedKilobytes, after.LockedKilobytes);
        Assert.InRange(after.OwnKilobytes, 0, before.OwnKilobytes + ToleratedKilobytes);
    }
}
