// SPDX-License-Identifier: GPL-3.0-or-later
// Every screen as it was looked at and found good, at six sizes and in three sets of colours: tests/UnlockAgent.Tests/golden.
// After a change that is meant, GOLDEN=write makes them anew; look at them before they are committed:
//   GOLDEN=write tests/UnlockAgent.Tests/bin/Release/net10.0/UnlockAgent.Tests -class UnlockAgent.Tests.GoldenTests
using UnlockAgent.Machine;

namespace UnlockAgent.Tests;

public sealed class GoldenTests
{
    // Skia's paths for different processors round a blended channel one or two steps of 255 differently.
    private const int Tolerance = 3;

    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "UnlockAgent.Tests", "golden");
    private static readonly string Failures = Path.Combine(Repository.Root, "out", "test-failures");

    [Theory]
    [InlineData(320, 240, 1, "Dark")]
    [InlineData(480, 800, 3, "Dark")]
    [InlineData(720, 1440, 4, "Dark")]
    [InlineData(1080, 2160, 8, "Dark")]
    [InlineData(1280, 800, 4, "Dark")]
    [InlineData(3840, 2160, 12, "Dark")]
    [InlineData(720, 1440, 4, "Light")]
    [InlineData(720, 1440, 4, "HighContrast")]
    public void Every_screen_looks_as_it_did(int width, int height, int divisor, string theme)
    {
        string name = $"{width}x{height}-{theme}.png", path = Path.Combine(Folder, name);
        var actual = GoldenSheet.Draw(new(width, height), Choices.Default with { Theme = Enum.Parse<ThemeName>(theme) }, divisor);
        if (Environment.GetEnvironmentVariable("GOLDEN") == "write")
        {
            actual.Write(path);
            return;
        }

        var expected = GoldenSheet.Read(path);
        if ((expected.Width, expected.Height) != (actual.Width, actual.Height))
        {
            actual.Write(Path.Combine(Failures, name));
            Assert.Fail($"{name}: a sheet of {actual.Width}x{actual.Height} pixels, not {expected.Width}x{expected.Height}; it is in {Failures}");
        }

        var (difference, differing) = actual.Compare(expected, Tolerance);
        if (differing > 0)
        {
            actual.Write(Path.Combine(Failures, name));
            difference.Write(Path.Combine(Failures, "difference-" + name));
            Assert.Fail($"{name}: {differing} pixels differ; see {Failures}");
        }
    }
}
