// SPDX-License-Identifier: GPL-3.0-or-later
// Tokens, sound and hostile, and the metadata in which they stand: any input gives a named fault or the parsed token.

using System.Text;

namespace CardUnlock.Tests;

public sealed class LuksTokenTests
{
    // All that a token needs, but for its end.
    private const string Ours = """{"type":"unlock-agent-openpgp","keyslots":["0"],"message":"AAAA" """;

    private const string Sound = """
        {
          "type": "unlock-agent-openpgp", "keyslots": ["1", "31"], "message": "aGVs\u0062G8=", "public_keys": "a2V5",
          "cards": [
            {"name": "Zoë", "serial": "0006 12345678", "more": [1]},
            {}
          ],
          "added_later": {"nested": [null, -1.5e300, "x"]}
        }
        """;

    [Fact]
    public void A_token_gives_its_message_and_what_a_person_shall_look_for()
    {
        Assert.Equal(TokenFault.None, Parse(Sound, out LuksToken? token));
        Assert.Equal("hello", Encoding.ASCII.GetString(token!.Message));
        Assert.Equal("key", Encoding.ASCII.GetString(token.PublicKeys));
        Assert.Equal([1, 31], token.Keyslots);
        Assert.Equal(
            [new WantedCard("Zoë", "0006 12345678"), new WantedCard("", "")],
            token.Cards);
    }

    [Fact]
    public void Type_keyslots_and_message_are_enough()
    {
        Assert.Equal(TokenFault.None, Parse(Minimal(), out LuksToken? token));
        Assert.Empty(token!.PublicKeys);
        Assert.Empty(token.Cards);
    }

    [Theory]
    [InlineData(TokenFault.OtherType, """{}""")]
    [InlineData(TokenFault.OtherType, """{"type":"systemd-tpm2","keyslots":["0"],"message":5,"message":6}""")]
    [InlineData(TokenFault.OtherType, """{"type":5}""")]
    [InlineData(TokenFault.OtherType, """{"type":"UNLOCK-AGENT-OPENPGP","keyslots":["0"],"message":"AAAA"}""")]
    [InlineData(TokenFault.NotJson, "")]
    [InlineData(TokenFault.NotJson, Ours + """}x""")]
    [InlineData(TokenFault.NotJson, Ours + """ """)]
    [InlineData(TokenFault.NotJson, """["type","unlock-agent-openpgp",]""")]
    [InlineData(TokenFault.OtherType, """["type","unlock-agent-openpgp"]""")]
    [InlineData(TokenFault.NoMessage, """{"type":"unlock-agent-openpgp","keyslots":["0"]}""")]
    [InlineData(TokenFault.NoKeyslot, """{"type":"unlock-agent-openpgp","keyslots":[],"message":"AAAA"}""")]
    [InlineData(TokenFault.NoKeyslot, """{"type":"unlock-agent-openpgp","message":"AAAA"}""")]
    [InlineData(TokenFault.DuplicateField, Ours + ""","mess\u0061ge":"BBBB"}""")]
    [InlineData(TokenFault.DuplicateField, """{"type":"x","type":"unlock-agent-openpgp","keyslots":["0"],"message":"AAAA"}""")]
    [InlineData(TokenFault.WrongField, """{"type":"unlock-agent-openpgp","keyslots":["0"],"message":["AAAA"]}""")]
    [InlineData(TokenFault.WrongField, """{"type":"unlock-agent-openpgp","keyslots":["0"],"message":null}""")]
    [InlineData(TokenFault.WrongField, """{"type":"unlock-agent-openpgp","keyslots":"0","message":"AAAA"}""")]
    [InlineData(TokenFault.WrongField, """{"type":"unlock-agent-openpgp","keyslots":[0],"message":"AAAA"}""")]
    [InlineData(TokenFault.WrongField, """{"type":"unlock-agent-openpgp","keyslots":["32"],"message":"AAAA"}""")]
    [InlineData(TokenFault.WrongField, """{"type":"unlock-agent-openpgp","keyslots":["01"],"message":"AAAA"}""")]
    [InlineData(TokenFault.WrongField, """{"type":"unlock-agent-openpgp","keyslots":["-1"],"message":"AAAA"}""")]
    [InlineData(TokenFault.WrongField, """{"type":"unlock-agent-openpgp","keyslots":["4294967296"],"message":"AAAA"}""")]
    [InlineData(TokenFault.WrongField, """{"type":"unlock-agent-openpgp","keyslots":["1","1"],"message":"AAAA"}""")]
    [InlineData(TokenFault.WrongField, """{"type":"unlock-agent-openpgp","keyslots":[""],"message":"AAAA"}""")]
    [InlineData(TokenFault.WrongBase64, """{"type":"unlock-agent-openpgp","keyslots":["0"],"message":"AAA"}""")]
    [InlineData(TokenFault.WrongBase64, """{"type":"unlock-agent-openpgp","keyslots":["0"],"message":"AA*A"}""")]
    [InlineData(TokenFault.WrongBase64, """{"type":"unlock-agent-openpgp","keyslots":["0"],"message":"AA-_"}""")]
    [InlineData(TokenFault.WrongBase64, """{"type":"unlock-agent-openpgp","keyslots":["0"],"message":"AA\nAA"}""")]
    [InlineData(TokenFault.WrongBase64, """{"type":"unlock-agent-openpgp","keyslots":["0"],"message":"AAAA    "}""")]
    [InlineData(TokenFault.WrongBase64, """{"type":"unlock-agent-openpgp","keyslots":["0"],"message":"    "}""")]
    [InlineData(TokenFault.WrongBase64, Ours + ""","public_keys":"="}""")]
    [InlineData(TokenFault.NotJson, Ours + ",\"x\":\"\\u41\0\0\"}")]
    [InlineData(TokenFault.WrongField, Ours + ""","cards":{}}""")]
    [InlineData(TokenFault.WrongField, Ours + ""","cards":["blue"]}""")]
    [InlineData(TokenFault.WrongField, Ours + ""","cards":[{"name":1}]}""")]
    [InlineData(TokenFault.WrongField, Ours + ""","cards":[{"name":"a\nb"}]}""")]
    [InlineData(TokenFault.DuplicateField, Ours + ""","cards":[{"name":"a","name":"b"}]}""")]
    public void Each_fault_has_its_name(TokenFault expected, string json)
    {
        Assert.Equal(expected, Parse(json, out LuksToken? token));
        Assert.Null(token);
    }

    [Fact]
    public void What_is_shown_to_a_person_is_short()
    {
        Assert.Equal(TokenFault.None, Parse(Minimal(Card(new string('n', 64))), out _));
        Assert.Equal(TokenFault.WrongField, Parse(Minimal(Card(new string('n', 65))), out _));
        Assert.Equal(TokenFault.None, Parse(Minimal(Card(new string('n', 62) + "\\\"\\u0041")), out _));
        Assert.Equal(TokenFault.WrongField, Parse(Minimal(Card(new string('n', 63) + "\\\"\\u0041")), out _));
        Assert.Equal(TokenFault.None, Parse(Minimal(Cards(16)), out LuksToken? most));
        Assert.Equal(16, most!.Cards.Count);
        Assert.Equal(TokenFault.WrongField, Parse(Minimal(Cards(17)), out _));
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_are_no_JSON()
    {
        byte[] json = Encoding.UTF8.GetBytes(Sound);
        int letter = json.AsSpan().IndexOf("ë"u8);
        json[letter + 1] = (byte)'"';
        Assert.Equal(TokenFault.NotJson, LuksToken.Parse(json, out _));
        Assert.Equal(TokenFault.NotJson, LuksToken.Parse([0xFF, 0xFE, (byte)'{', 0], out _));
    }

    [Fact]
    public void More_than_a_mebibyte_is_too_large()
    {
        byte[] json = new byte[LuksToken.MaxLength + 1];
        json.AsSpan().Fill((byte)' ');
        Encoding.UTF8.GetBytes(Sound).CopyTo(json, 0);
        Assert.Equal(TokenFault.TooLarge, LuksToken.Parse(json, out _));
        Assert.Equal(TokenFault.None, LuksToken.Parse(json.AsSpan(0, LuksToken.MaxLength), out _));
    }

    [Theory]
    [InlineData("[", "")]
    [InlineData("{\"a\":", "")]
    [InlineData("{\"type\":\"unlock-agent-openpgp\",\"keyslots\":[", "\"1\",")]
    [InlineData("{\"type\":\"unlock-agent-openpgp\",\"cards\":[", "{\"name\":\"a\"},")]
    [InlineData("{", "\"message\":\"AAAA\",")]
    [InlineData("{\"type\":\"unlock-agent-openpgp\",\"message\":\"", "\\u0041")]
    [InlineData("{\"a\":\"", "\\ud83d\\ude00")]
    [InlineData("{\"a\":", "9")]
    public void A_mebibyte_of_anything_takes_a_few_mebibytes_of_memory(string start, string repeated)
    {
        string filler = repeated.Length == 0 ? start : repeated;
        var text = new StringBuilder(start);
        while (text.Length + filler.Length <= LuksToken.MaxLength)
        {
            text.Append(filler);
        }

        byte[] json = Encoding.UTF8.GetBytes(text.ToString());
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(TokenFault.NotJson, LuksToken.Parse(json, out _));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    [Fact]
    public void Damage_anywhere_gives_a_fault_or_a_token()
    {
        byte[] sound = Encoding.UTF8.GetBytes(Sound);
        var random = new Random(5);
        var faults = new HashSet<TokenFault>();
        for (int i = 0; i < 200_000; i++)
        {
            byte[] damaged = [.. sound];
            for (int n = random.Next(1, 4); n > 0; n--)
            {
                int at = random.Next(damaged.Length);
                damaged[at] = random.Next(2) == 0 ? damaged[random.Next(damaged.Length)] : (byte)random.Next(256);
            }

            TokenFault fault = LuksToken.Parse(damaged, out LuksToken? token);
            Assert.Equal(fault == TokenFault.None, token is not null);
            faults.Add(fault);
        }

        TokenFault[] expected =
            [TokenFault.None, TokenFault.NotJson, TokenFault.OtherType, TokenFault.WrongField, TokenFault.WrongBase64];
        Assert.Superset(new HashSet<TokenFault>(expected), faults);
    }

    [Fact]
    public void Every_shorter_token_is_no_JSON()
    {
        byte[] sound = Encoding.UTF8.GetBytes(Sound);
        for (int length = 0; length < sound.Length; length++)
        {
            Assert.Equal(TokenFault.NotJson, LuksToken.Parse(sound.AsSpan(0, length), out _));
        }
    }

    [Fact]
    public void Of_a_headers_tokens_ours_are_found()
    {
        string ours = Minimal();
        string json = $$$"""
            {"keyslots":{"0":{"type":"luks2"}},
             "tokens":{"31":{{{ours}}},"2":{"type":"systemd-tpm2","x":{"type":"unlock-agent-openpgp"}},
             "0":{{{ours}}},"32":{{{ours}}},"1":5,
             "01":{{{ours}}},"7":{"type":["unlock-agent-openpgp"]}},"config":{"json_size":"12288"}}
            """;
        Assert.True(LuksMetadata.TryFindTokens(Encoding.UTF8.GetBytes(json), out IReadOnlyList<int> tokens));
        Assert.Equal([0, 31], tokens);
    }

    [Theory]
    [InlineData("""{}""", true)]
    [InlineData("""{"tokens":{}}""", true)]
    [InlineData("""{"tokens":[1]}""", true)]
    [InlineData("""{"tokens":{"0":{"type":"unlock-agent-openpgp"}}""", false)]
    [InlineData("""[]""", false)]
    [InlineData("", false)]
    [InlineData("LUKS", false)]
    public void Metadata_without_tokens_of_ours_have_none(string json, bool isSound)
    {
        Assert.Equal(isSound, LuksMetadata.TryFindTokens(Encoding.UTF8.GetBytes(json), out IReadOnlyList<int> tokens));
        Assert.Empty(tokens);
    }

    private static TokenFault Parse(string json, out LuksToken? token) =>
        LuksToken.Parse(Encoding.UTF8.GetBytes(json), out token);

    private static string Minimal(string more = "") =>
        $$"""{"type":"unlock-agent-openpgp","keyslots":["0"],"message":"AAAA"{{more}}}""";

    private static string Card(string name) => $$""","cards":[{"name":"{{name}}"}]""";

    private static string Cards(int count) => $""","cards":[{string.Join(',', Enumerable.Repeat("{}", count))}]""";
}
