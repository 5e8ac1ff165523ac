// SPDX-License-Identifier: GPL-3.0-or-later
// The structs, constants and requests of Input's Native/ folder, and the public key names, against the C headers.

using System.Globalization;
using System.Reflection;
using NativeLayout;

namespace Input.Tests;

public class NativeTests
{
    private static readonly string[] Headers =
        ["errno.h", "fcntl.h", "linux/input.h", "linux/kd.h", "linux/keyboard.h", "linux/vt.h", "sys/eventfd.h", "sys/inotify.h"];

    [Fact]
    public void Every_struct_constant_and_request_is_the_headers()
    {
        IReadOnlyList<string> assertions = CHeaders.Assertions(typeof(InputDevices).Assembly, "Input.Native");
        Assert.Contains("sizeof(struct input_event) == 24", assertions);
        Assert.Contains("sizeof(struct input_absinfo) == 24", assertions);
        Assert.Contains("sizeof(struct inotify_event) == 16", assertions);
        Assert.Contains("sizeof(struct kbentry) == 4", assertions);
        Assert.Contains("sizeof(struct kbdiacrsuc) == 3076", assertions);
        Assert.Contains("K_ENTER == 513", assertions);
        Assert.Contains("sizeof(struct ff_effect) == 48", assertions);
        Assert.Contains("offsetof(struct ff_effect, u) == 16", assertions);
        Assert.Contains("sizeof(((struct ff_effect *)0)->u) == 32", assertions);
        Assert.Contains(assertions, a => a.StartsWith("EVIOCSFF =="));
        Assert.Contains(assertions, a => a.StartsWith("EVIOCGRAB =="));
        Assert.Contains(assertions, a => a.StartsWith("EVIOCGBIT(3, 4) =="));
        Assert.Equal("", CHeaders.Judge(Headers, assertions));
    }

    [Fact]
    public void Every_key_name_is_the_headers()
    {
        string[] assertions = [.. typeof(KeyCode).GetFields(BindingFlags.Static | BindingFlags.Public)
            .Select(field => $"KEY_{HeaderName(field.Name)} == {field.GetRawConstantValue()}")];
        Assert.Contains("KEY_KPENTER == 96", assertions);
        Assert.Equal("", CHeaders.Judge(Headers, assertions));
    }

    [Fact]
    public void The_layout_types_what_is_printed_on_the_keys()
    {
        IReadOnlyDictionary<string, string> macros = CHeaders.Macros("linux/input-event-codes.h");
        Dictionary<ushort, string> expected = UsKeys().ToDictionary(
            key => ushort.Parse(macros["KEY_" + key.Name], CultureInfo.InvariantCulture), key => key.Characters);
        for (int code = 0; code <= ushort.MaxValue; code++)
        {
            string characters = expected.GetValueOrDefault((ushort)code, "\0\0");
            Assert.Equal((code, characters[0]), (code, UsKeymap.Translate((ushort)code, shift: false)));
            Assert.Equal((code, characters[1]), (code, UsKeymap.Translate((ushort)code, shift: true)));
        }
    }

    [Fact]
    public void The_layout_without_a_console_types_the_same()
    {
        var symbols = new UsSymbols();
        for (int code = 1; code < 256; code++)
        {
            foreach (bool shift in (bool[])[false, true])
            {
                char character = UsKeymap.Translate((ushort)code, shift);
                ushort symbol = symbols.At(shift ? 1 : 0, code);
                Assert.Equal((code, character != '\0'), (code, symbol >> 8 is 0 or 11));
                Assert.True(character == '\0' || (symbol & 0xff) == character);
                Assert.Equal(char.IsAsciiLetter(character), symbol >> 8 == 11);
            }
        }
    }

    private static string HeaderName(string name) => name switch
    {
        nameof(KeyCode.Escape) => "ESC",
        nameof(KeyCode.AltGr) => "RIGHTALT",
        _ => name.ToUpperInvariant(),
    };

    private static IEnumerable<(string Name, string Characters)> UsKeys()
    {
        foreach (char letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        {
            yield return (letter.ToString(), $"{char.ToLowerInvariant(letter)}{letter}");
        }

        for (int digit = 0; digit < 10; digit++)
        {
            yield return ($"{digit}", $"{digit}{")!@#$%^&*("[digit]}");
            yield return ($"KP{digit}", $"{digit}{digit}");
        }

        (string, string)[] others =
        [
            ("MINUS", "-_"), ("EQUAL", "=+"), ("LEFTBRACE", "[{"), ("RIGHTBRACE", "]}"), ("SEMICOLON", ";:"), ("APOSTROPHE", "'\""),
            ("GRAVE", "`~"), ("BACKSLASH", "\\|"), ("COMMA", ",<"), ("DOT", ".>"), ("SLASH", "/?"), ("SPACE", "  "), ("102ND", "<>"),
            ("KPASTERISK", "**"), ("KPMINUS", "--"), ("KPPLUS", "++"), ("KPDOT", ".."), ("KPSLASH", "//"), ("KPEQUAL", "=="),
            ("KPCOMMA", ",,"),
        ];
        foreach ((string, string) other in others)
        {
            yield return other;
        }
    }
}
