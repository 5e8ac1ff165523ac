// SPDX-License-Identifier: GPL-3.0-or-later
// A change of codes on a card in this process: what goes out after a refusal, and what is left of the codes while the card works.

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using CardSimulator;

namespace CardUnlock.Tests.Desk;

public sealed class CodeChangeTests
{
    private const byte VerifyInstruction = 0x20, ChangeInstruction = 0x24, ResetInstruction = 0x2C, PutInstruction = 0xDA;
    private const string Pin = "123456", Admin = "12345678", Code = "87654321", Next = "neue PIN 9";
    private static readonly byte[] Salt = [1, 2, 3, 4, 5, 6, 7, 8];

    [Fact]
    public void After_a_wrong_admin_pin_nothing_else_goes_out()
    {
        VirtualCard card = Card(hashing: false);
        Assert.Equal(new CodeResult.Wrong(2), Change(card, change => change.SetResetCode(Pins.Make("99999999"), Pins.Make(Code)), out byte[] sent));
        Assert.Equal([VerifyInstruction], sent);
        Assert.Equal(new CodeResult.Wrong(1), Change(card, change => change.UnblockByAdmin(Pins.Make("99999999"), Pins.Make(Next)), out sent));
        Assert.Equal([VerifyInstruction], sent);

        // The control: after the right one it does.
        Assert.IsType<CodeResult.Done>(Change(card, change => change.SetResetCode(Pins.Make(Admin), Pins.Make(Code)), out sent));
        Assert.Equal([VerifyInstruction, PutInstruction], sent);
    }

    [Theory]
    [InlineData(0x6985)]
    [InlineData(0x6F00)]
    public void A_code_that_the_card_refused_after_the_admin_pin_does_not_hold(int status)
    {
        VirtualCard card = Card(hashing: false);
        card.Faults.FailInstruction(PutInstruction, (ushort)status);
        Assert.IsType<CodeResult.Failed>(Change(card, change => change.SetResetCode(Pins.Make(Admin), Pins.Make(Code)), out _));
        card.Faults.FailInstruction(ResetInstruction, (ushort)status);
        Assert.IsType<CodeResult.Failed>(Change(card, change => change.UnblockByAdmin(Pins.Make(Admin), Pins.Make(Next)), out _));
    }

    // Some cards have a status word of their own for a wrong code; their counter says what it was.
    [Fact]
    public void A_try_that_was_counted_is_a_wrong_code_whatever_the_card_calls_it()
    {
        VirtualCard card = Card(hashing: false);
        card.Faults.FailInstruction(ChangeInstruction, 0x6985);
        Assert.Equal(
            new CodeResult.Wrong(2), Change(card, change => change.ChangePin(admin: false, Pins.Make(Pin), Pins.Make(Next)), out _, () => card.UserTriesLeft--));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public unsafe void While_the_card_works_the_codes_are_in_the_command_alone(bool hashing)
    {
        VirtualCard card = Card(hashing);
        using SecretBuffer pin = Pins.Make(Pin);
        using SecretBuffer next = Pins.Make(Next);
        byte* pinPage = Address(pin), nextPage = Address(next);
        bool Holds(byte* page, string code) => new ReadOnlySpan<byte>(page, LockedPages.Size).IndexOf(Encoding.ASCII.GetBytes(code)) >= 0;
        Assert.True(Holds(pinPage, Pin) && Holds(nextPage, Next));
        (bool Pin, bool Next)? left = null;
        Assert.IsType<CodeResult.Done>(
            Change(card, change => change.ChangePin(admin: false, pin, next), out byte[] sent, () => left = (Holds(pinPage, Pin), Holds(nextPage, Next))));
        Assert.Equal([ChangeInstruction], sent);
        Assert.Equal((false, false), left);
    }

    private static unsafe byte* Address(SecretBuffer buffer) => (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(buffer.Span));

    private static CodeResult Change(VirtualCard card, Func<CodeChange, CodeResult> work, out byte[] sent, Action? atWork = null)
    {
        List<byte> instructions = [];
        var transport = new Watched(new CardTransport(card), instructions, atWork);
        using var application = new OpenPgpCard(transport, characterProtocol: false, extendedLength: true);
        Assert.True(application.Select().IsOk);
        CardData data = application.ReadCardData()!;
        CodeResult result = work(new CodeChange(application, data, CodeStatus.Read(application, data)));
        sent = [.. instructions];
        return result;
    }

    private static VirtualCard Card(bool hashing)
    {
        var card = new VirtualCard();
        if (hashing)
        {
            card.Put(
                0xF9,
                [0x81, 1, 3, 0x82, 1, 8, 0x83, 4, 0, 0, 0x10, 0, 0x84, 8, .. Salt, 0x87, 32, .. Hash(Pin), 0x88, 32, .. Hash(Admin)]);
        }

        return card;
    }

    private static byte[] Hash(string code)
    {
        byte[] round = [.. Salt, .. Encoding.ASCII.GetBytes(code)];
        return SHA256.HashData([.. Enumerable.Range(0, 0x1000).Select(i => round[i % round.Length])]);
    }

    /// <summary>Tells what carries a code, when it goes out.</summary>
    private sealed class Watched(ICardTransport card, List<byte> sent, Action? atWork) : ICardTransport
    {
        public int Transmit(ReadOnlySpan<byte> command, Span<byte> response)
        {
            if (command[1] is VerifyInstruction or ChangeInstruction or ResetInstruction or PutInstruction && command.Length > 5)
            {
                sent.Add(command[1]);
                atWork?.Invoke();
            }

            return card.Transmit(command, response);
        }
    }
}
