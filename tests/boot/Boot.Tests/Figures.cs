// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where the figures of the emulated phone are written: out/figures.txt, which ./build.sh test shows at its end.

using System.Globalization;
using EmulatedPhone;

namespace Boot.Tests;

internal static class Figures
{
    private static readonly string File = Path.Combine(Repository.Out, "figures.txt");

    public static void Write(FormattableString line)
    {
        string text = line.ToString(CultureInfo.InvariantCulture);
        TestContext.Current.TestOutputHelper?.WriteLine(text);
        System.IO.File.AppendAllText(File, text + "\n");
    }
}
