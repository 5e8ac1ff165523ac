// SPDX-License-Identifier: GPL-3.0-or-later
// How many exchanges a card is asked for: each costs milliseconds at boot.

using CardSimulator;

namespace CardUnlock.Tests;

public sealed class ExchangeTests(GpgKeys keys) : IClassFixture<GpgKeys>
{
    private const byte Select = 0xA4;
    private const byte Decipher = 0x2A;
    private static readonly byte[] Plain = [.. Enumerable.Range(0, 64).Select(i => (byte)(i * 5))];

    // SELECT, 6E, F9 while connecting; SELECT, VERIFY, DECIPHER once the PIN is there. One question stands before the
    // first SELECT: is the card still verified?
    [Theory]
    [InlineData("cv25519")]
    [InlineData("nistp256")]
    [InlineData("rsa2048")]
    public void From_select_to_decipher_a_short_message_takes_six_exchanges(string algorithm)
    {
        VirtualCard card = keys.Card(algorithm);
        using CardSession session = Open(card, algorithm);
        Assert.Equal([0x20, Select, 0xCA, 0xCA], card.Log.Select(entry => (int)entry.Ins));
        card.ClearLog();
        Assert.IsType<UnlockResult.Key>(session.Unlock(Pins.Make("123456")));
        Assert.Equal([Select, 0x20, Decipher], card.Log.Select(entry => (int)entry.Ins));
    }

    [Theory]
    [InlineData("canokey", 5)]
    [InlineData("SmartPGP", 6)]
    [InlineData("SmartPGP extended", 6)]
    [InlineData("pico", 7)]
    [InlineData("Gnuk", 6)]
    [InlineData("NEO", 5)]
    [InlineData("Fluffy", 5)]
    [InlineData("YubiKey 5", 6)]
    public void Each_card_program_takes_few_exchanges(string profile, int expected)
    {
        VirtualCard card = keys.Card("cv25519", CardProfiles.All[profile]);
        using CardSession session = Open(card, "cv25519");
        Assert.IsType<UnlockResult.Key>(session.Unlock(Pins.Make("123456")));
        byte[] instructions = [.. card.Log.Select(entry => entry.Ins)];
        Assert.Equal(expected, instructions.AsSpan(instructions.IndexOf(Select)).Length);
        Assert.Equal(3, instructions.AsSpan(instructions.LastIndexOf(Select)).Length);
    }

    [Fact]
    public void Verified_card_takes_one_exchange()
    {
        VirtualCard card = keys.Card("cv25519");
        using (CardSession first = Open(card, "cv25519"))
        {
            Assert.IsType<UnlockResult.Key>(first.Unlock(Pins.Make("123456")));
        }

        using CardSession second = Open(card, "cv25519");
        card.ClearLog();
        Assert.IsType<UnlockResult.Key>(second.Unlock(SecretBuffer.Allocate(1)));
        Assert.Equal(Decipher, Assert.Single(card.Log).Ins);
    }

    private CardSession Open(VirtualCard card, string algorithm) =>
        CardSession.Open(new CardTransport(card), false, [keys.Parsed(Plain, [algorithm])], askVerified: true, [.. card.Atr])!;
}
