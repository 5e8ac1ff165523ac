// SPDX-License-Identifier: GPL-3.0-or-later
// Our JSON reader against .NET's: whatever the text, both take it or both refuse it, and both read the same strings.

using System.Text;
using System.Text.Json;

namespace CardUnlock.Tests;

public sealed class JsonReaderTests
{
    private static readonly string[] Seeds =
    [
        """{"a":[1,-0.5e+7,true,false,null,{"b":"c"}],"":"","\u00e9\ud83d\ude00\n\/":[[],{}]}""",
        """ [ 0 , 10 , 1E5 , 0.10 , -1e-2 ] """,
        """{"type":"unlock-agent-openpgp","keyslots":["0"],"message":"AAAA"}""",
        "\"\\\"\\\\\\b\\f\\n\\r\\t\\/\\u0041\"",
    ];

    // What JSON is made of, so that a random change often leaves something almost well formed.
    private static readonly string[] Pieces =
    [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "d83d", "de00", "0", "1", "-", ".", "e", "E", "+", "true", "null",
        "fals", " ", "\n", "\u0001", "é", "\uFEFF",
    ];

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("{")]
    [InlineData("}")]
    [InlineData("{}{}")]
    [InlineData("{,}")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{\"a\" 1}")]
    [InlineData("{a:1}")]
    [InlineData("{1:1}")]
    [InlineData("[1,]")]
    [InlineData("[,1]")]
    [InlineData("[1 2]")]
    [InlineData("[1}")]
    [InlineData("{\"a\":1]")]
    [InlineData("01")]
    [InlineData("-")]
    [InlineData("1.")]
    [InlineData(".1")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("+1")]
    [InlineData("0x1")]
    [InlineData("NaN")]
    [InlineData("nul")]
    [InlineData("truefalse")]
    [InlineData("'a'")]
    [InlineData("\"a")]
    [InlineData("\"\\")]
    [InlineData("\"\\x\"")]
    [InlineData("\"\\u00g0\"")]
    [InlineData("\"\\u00")]
    [InlineData("\"\\ud800\"")]
    [InlineData("\"\\ud800\\u0041\"")]
    [InlineData("\"\\udc00\"")]
    [InlineData("\"\t\"")]
    [InlineData("[1]//")]
    [InlineData("\uFEFF{}")]
    public void What_is_no_JSON_is_refused(string text)
    {
        byte[] json = Encoding.UTF8.GetBytes(text);
        Assert.Null(StringsByPlatform(json));
        Assert.Null(StringsByUs(json));
    }

    [Fact]
    public void Numbers_of_any_length_are_stepped_over()
    {
        string digits = new('9', 100_000);
        Assert.Equal([], StringsByUs(Encoding.UTF8.GetBytes($"[{digits},-{digits}.{digits}e-{digits}]")));
    }

    [Fact]
    public void Depth_is_bounded()
    {
        static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));
        static byte[] Nested(int depth, string open, string close) =>
            Encoding.UTF8.GetBytes(Repeat(open, depth) + "1" + Repeat(close, depth));

        Assert.Equal([], StringsByUs(Nested(JsonReader.MaxDepth, "[", "]")));
        Assert.Null(StringsByUs(Nested(JsonReader.MaxDepth + 1, "[", "]")));
        Assert.NotNull(StringsByUs(Nested(JsonReader.MaxDepth, "{\"a\":", "}")));
        Assert.Null(StringsByUs(Nested(300_000, "{\"a\":", "}")));
        Assert.Null(StringsByUs(Encoding.UTF8.GetBytes(new string('[', 1_000_000))));
    }

    [Fact]
    public void Changed_texts_are_read_as_the_platform_reads_them()
    {
        var random = new Random(17);
        int accepted = 0, refused = 0;
        for (int i = 0; i < 60_000; i++)
        {
            byte[] json = Encoding.UTF8.GetBytes(Change(random, Seeds[i % Seeds.Length]));
            IReadOnlyList<string>? expected = StringsByPlatform(json);
            Assert.Equal(expected, StringsByUs(json));
            _ = expected is null ? refused++ : accepted++;
        }

        Assert.True(accepted > 5_000 && refused > 5_000, $"{accepted} accepted, {refused} refused");
    }

    private static string Change(Random random, string seed)
    {
        var text = new StringBuilder(seed);
        for (int n = random.Next(0, 4); n > 0; n--)
        {
            int at = random.Next(text.Length);
            switch (random.Next(3))
            {
                case 0:
                    text.Remove(at, Math.Min(random.Next(1, 4), text.Length - at));
                    break;
                case 1:
                    text.Insert(at, Pieces[random.Next(Pieces.Length)]);
                    break;
                default:
                    text.Insert(at, text.ToString(at, Math.Min(random.Next(1, 8), text.Length - at)));
                    break;
            }

            if (text.Length == 0)
            {
                text.Append(' ');
            }
        }

        return text.ToString();
    }

    /// <summary>Every string and name in order, or null where the text is not well formed.</summary>
    private static List<string>? StringsByPlatform(byte[] json)
    {
        List<string> strings = [];
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = JsonReader.MaxDepth });
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
                {
                    strings.Add(reader.GetString()!);
                }
            }

            return strings;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static List<string>? StringsByUs(byte[] json)
    {
        List<string> strings = [];
        var reader = new JsonReader(json);
        Collect(ref reader, strings);
        return reader.IsWhole ? strings : null;
    }

    private static void Collect(ref JsonReader reader, List<string> strings)
    {
        switch (reader.Next)
        {
            case JsonKind.Object:
                reader.Enter();
                while (reader.NextField(out JsonString name))
                {
                    strings.Add(TextOf(name));
                    Collect(ref reader, strings);
                }

                break;
            case JsonKind.Array:
                reader.Enter();
                while (reader.NextElement())
                {
                    Collect(ref reader, strings);
                }

                break;
            case JsonKind.String:
                strings.Add(TextOf(reader.ReadString()));
                break;
            default:
                reader.Skip();
                break;
        }
    }

    private static string TextOf(JsonString text)
    {
        byte[] utf8 = new byte[text.MaxLength];
        return Encoding.UTF8.GetString(utf8, 0, text.Decode(utf8));
    }
}
