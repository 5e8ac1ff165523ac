// SPDX-License-Identifier: GPL-3.0-or-later
//
// What input devices say while a text is typed on them, as the kernel keeps it: the ends of struct input_event (linux/input.h), type 2
// bytes, code 2, value 4, behind a time that nobody knows beforehand.

namespace EmulatedPhone;

public sealed partial class Phone
{
    private const ushort KeyEvent = 1, AbsoluteEvent = 3;
    private const int Pressed = 1;

    // A US keyboard's rows from the key with this code on (linux/input-event-codes.h).
    private static readonly (ushort First, string Keys)[] rows =
        [(2, "1234567890"), (14, "\b"), (16, "qwertyuiop"), (28, "\n"), (30, "asdfghjkl"), (44, "zxcvbnm")];

    /// <summary>The touchscreen's axes that change while a text is tapped.</summary>
    public Trail TouchTrailOf(string name, PadScreen on, string text)
    {
        List<byte[]> steps = [];
        int[] last = [-1, -1];
        foreach (char letter in text)
        {
            (int x, int y) = PlaceOf(on, letter);
            int[] now = [OnAxis(x, Width), OnAxis(y, Height)];
            for (ushort axis = 0; axis < now.Length; axis++)
            {
                if (now[axis] != last[axis])
                {
                    steps.Add(Step(AbsoluteEvent, axis, now[axis]));
                }
            }

            last = now;
        }

        return new Trail(name, steps);
    }

    /// <summary>The keys that <see cref="TypeText"/> presses.</summary>
    public static Trail KeyTrailOf(string name, string text) => new(name, [.. text.Select(letter => Step(KeyEvent, CodeOf(letter), Pressed))]);

    /// <summary>The key that types a lower-case letter or a digit; '\b' deletes, '\n' confirms.</summary>
    internal static ushort CodeOf(char letter)
    {
        (ushort first, string keys) = Array.Find(rows, row => row.Keys.Contains(letter));
        return (ushort)(first + keys.IndexOf(letter));
    }

    private static byte[] Step(ushort type, ushort code, int value) =>
        [.. BitConverter.GetBytes(type), .. BitConverter.GetBytes(code), .. BitConverter.GetBytes(value)];
}
