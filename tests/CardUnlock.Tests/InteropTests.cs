// SPDX-License-Identifier: GPL-3.0-or-later
// What hosts and cards of the field have stumbled over together, as their users told it.

using CardSimulator;

namespace CardUnlock.Tests;

public sealed class InteropTests(GpgKeys keys) : IClassFixture<GpgKeys>
{
    private const byte GetDataInstruction = 0xCA;
    private const byte DecipherInstruction = 0x2A;
    private static readonly byte[] Plain = [.. Enumerable.Range(0, 64).Select(i => (byte)(i * 29))];

    // Older JavaCard programs send 73 with length 0 and its content behind it.
    [Fact]
    public void Discretionary_data_may_stand_beside_their_own_empty_object()
    {
        VirtualCard card = keys.Card("cv25519", new CardOptions { OuterTag = false });
        var transport = new EditingTransport(card, (command, answer) =>
        {
            int at = answer.AsSpan().IndexOf<byte>([0x73, 0x81]);
            return command[3] == 0x6E && at >= 0 ? [.. answer[..at], 0x73, 0x00, .. answer[(at + 3)..]] : answer;
        });
        using CardSession session = Open(card, transport);
        Assert.Equal(1, transport.Edits);
        Assert.Equal(2, card.Log.Count(entry => entry.Ins == GetDataInstruction));
        AssertKey(session.Unlock(Pins.Make("123456")));
    }

    // The same programs want the exact Le: 6Cxx to every GET DATA, which the second one then has.
    [Fact]
    public void Card_that_wants_each_length_exactly_is_asked_twice()
    {
        var options = new CardOptions { ExtendedLength = false, OuterTag = false, HasButton = false, LeftOut = [0xC6, 0xD6, 0xD8] };
        VirtualCard card = keys.Card("cv25519", options);
        int repeated = 0;
        var transport = new EditingTransport(card, (command, answer) =>
        {
            bool exact = command[1] != GetDataInstruction || answer.Length <= 2 || command[^1] == answer.Length - 2;
            repeated += exact ? 0 : 1;
            return exact ? answer : [0x6C, (byte)(answer.Length - 2)];
        });
        using CardSession session = Open(card, transport);
        Assert.Equal(2, repeated);
        AssertKey(session.Unlock(Pins.Make("123456")));
    }

    // Another program selected its own application, or reset the card, between the look and the PIN.
    [Fact]
    public void Selection_that_was_lost_is_made_again_before_the_pin()
    {
        VirtualCard card = keys.Card("cv25519");
        using CardSession session = Open(card, new CardTransport(card));
        card.PowerOff();
        AssertKey(session.Unlock(Pins.Make("123456")));
        Assert.Equal(1, card.VerifyCount);
    }

    // A wallet's card program answered X25519's secret in the wrong byte order: no key, and no second PIN.
    [Fact]
    public void Wrong_shared_secret_is_damage_and_not_a_wrong_pin()
    {
        VirtualCard card = keys.Card("cv25519");
        var transport = new EditingTransport(
            card, (command, answer) => command[1] == DecipherInstruction ? [.. answer[..^2].Reverse(), .. answer[^2..]] : answer);
        using CardSession session = Open(card, transport);
        Assert.IsType<UnlockResult.DamagedMessage>(session.Unlock(Pins.Make("123456")));
        Assert.Equal(1, card.VerifyCount);
        Assert.Equal(3, card.UserTriesLeft);
    }

    // The question whether the PIN is verified: refused, or answered with what means nothing.
    [Theory]
    [InlineData(0x6A80)]
    [InlineData(0x6700)]
    [InlineData(0x6985)]
    [InlineData(0x6982)]
    [InlineData(0x6983)]
    [InlineData(0x6300)]
    [InlineData(0x6D00)]
    [InlineData(0x6E00)]
    public void Refused_question_says_nothing_of_the_pin(int status)
    {
        VirtualCard card = keys.Card("cv25519");
        card.Faults.FailInstruction(0x20, (ushort)status);
        using CardSession session = Open(card, new CardTransport(card));
        Assert.Equal(3, session.TriesLeft);
        Assert.False(session.Verified);
        AssertKey(session.Unlock(Pins.Make("123456")));
    }

    // The card says that it cannot derive PINs, and so none is derived, whatever F9 holds.
    [Fact]
    public void Derivation_is_not_asked_of_a_card_that_has_none()
    {
        VirtualCard card = keys.Card("cv25519", new CardOptions { HasKeyDerivation = false });
        using CardSession session = Open(card, new CardTransport(card));
        Assert.DoesNotContain(card.Log, entry => entry is { Ins: GetDataInstruction, P2: 0xF9 });
        AssertKey(session.Unlock(Pins.Make("123456")));
    }

    // A hidden recipient: the card is tried with each packet of its kind, with one VERIFY.
    [Fact]
    public void Hidden_recipients_cost_one_verify()
    {
        VirtualCard card = keys.Card("rsa2048");
        EncryptedKey message = keys.Parsed(Plain, ["cv25519", "nistp256", "rsa2048"], "--throw-keyids");
        using CardSession session = CardSession.Open(new CardTransport(card), false, [message], askVerified: true)!;
        AssertKey(session.Unlock(Pins.Make("123456")));
        Assert.Equal(1, card.VerifyCount);
    }

    private CardSession Open(VirtualCard card, ICardTransport transport) =>
        CardSession.Open(transport, false, [keys.Parsed(Plain, ["cv25519"])], askVerified: true, [.. card.Atr])!;

    private static void AssertKey(UnlockResult result)
    {
        using SecretBuffer secret = Assert.IsType<UnlockResult.Key>(result).Secret;
        Assert.Equal(Plain, secret.Span.ToArray());
    }

    private sealed class EditingTransport(VirtualCard card, Func<byte[], byte[], byte[]> edit) : ICardTransport
    {
        public int Edits { get; private set; }

        public int Transmit(ReadOnlySpan<byte> command, Span<byte> response)
        {
            byte[] answer = card.Transmit(command);
            byte[] edited = edit(command.ToArray(), answer);
            Edits += edited.AsSpan().SequenceEqual(answer) ? 0 : 1;
            edited.CopyTo(response);
            return edited.Length;
        }
    }
}
