// SPDX-License-Identifier: GPL-3.0-or-later

namespace CardUnlock.Tests;

public sealed class TranscriptTests
{
    public static TheoryData<string> Recordings => [.. Transcript.Names];

    [Theory]
    [MemberData(nameof(Recordings))]
    public void Recorded_card_gives_the_plaintext_of_its_message(string name)
    {
        Transcript transcript = Transcript.Load(name);
        var transport = new ReplayTransport(transcript);
        using CardSession session = CardSession.Open(transport, false, [transcript.Parse()], askVerified: true)!;
        CardInfo info = session.Describe("reader");
        Assert.True(info.MatchesKey);
        Assert.False(info.AlreadyVerified);
        Assert.Equal(3, info.TriesLeft);
        Assert.Equal(6, info.MinPinLength);
        Assert.Equal(127, info.MaxPinLength);

        int before = transport.Commands.Count;
        var key = Assert.IsType<UnlockResult.Key>(session.Unlock(Pins.Make("123456")));
        using SecretBuffer secret = key.Secret;
        Assert.Equal(transcript.Plain, secret.Span.ToArray());
        Assert.Equal(1, transport.VerifyCount);
        TestContext.Current.SendDiagnosticMessage("{0}: {1} commands to look, {2} to unlock", name, before, transport.Commands.Count - before);
        Assert.InRange(transport.Commands.Count, 6, 11);
    }

    [Theory]
    [MemberData(nameof(Recordings))]
    public void Recorded_session_key_opens_the_message_offline(string name)
    {
        Transcript transcript = Transcript.Load(name);
        Assert.Equal(Opening.Opened, transcript.Parse().Decrypt(transcript.SessionKey, out SecretBuffer? key));
        using (key)
        {
            Assert.Equal(transcript.Plain, key!.Span.ToArray());
        }
    }

    [Fact]
    public void Every_recording_is_replayed() => Assert.Equal(22, Transcript.Names.Count());

    [Theory]
    [InlineData("smartpgp-chain-rsa2048")]
    [InlineData("pico-cv25519")]
    public void Message_for_another_key_is_not_deciphered(string name)
    {
        Transcript transcript = Transcript.Load(name);
        EncryptedKey other = Transcript.Load("pico-rsa2048").Parse();
        var transport = new ReplayTransport(transcript);
        using CardSession session = CardSession.Open(transport, false, [other], askVerified: true)!;
        Assert.False(session.Describe("reader").MatchesKey);
        Assert.IsType<UnlockResult.NoMatchingKey>(session.Unlock(Pins.Make("123456")));
        Assert.Equal(0, transport.VerifyCount);
    }
}

internal static class Pins
{
    public static SecretBuffer Make(string digits)
    {
        SecretBuffer pin = SecretBuffer.Allocate(64);
        Assert.True(pin.TryAppend(System.Text.Encoding.ASCII.GetBytes(digits)));
        return pin;
    }
}
