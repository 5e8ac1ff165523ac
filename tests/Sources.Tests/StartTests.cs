// SPDX-License-Identifier: GPL-3.0-or-later
// A native program whose two threads need the run-time's settings for the first time at the same moment can stand still for ever: it
// was twice in 687 starts of a busy machine, too seldom for a run to show that it no longer happens. So this reads the sources: the
// settings are made first, and nothing makes a thread on another way.
using System.Text.RegularExpressions;

namespace Sources.Tests;

public sealed partial class StartTests
{
    private static readonly string src = Path.Combine(Checkout.Root, "src");

    [Theory]
    [InlineData("UnlockAgent/Shell/Keyscript.cs", "Libc.ForbidDumps();")]
    [InlineData("UnlockControl/Commands/CommandLine.cs", "")]
    public void Settings_are_made_before_there_is_a_second_thread(string file, string before)
    {
        string text = File.ReadAllText(Path.Combine(src, file));
        string body = Comment().Replace(Run().Match(text).Groups[1].Value, "").Trim();
        Assert.StartsWith(before, body, StringComparison.Ordinal);
        string made = $"_ = AppContext.GetData(nameof({Path.GetFileNameWithoutExtension(file)}));";
        Assert.StartsWith(made, body[before.Length..].Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public void Unlockctl_does_nothing_else()
    {
        string text = File.ReadAllText(Path.Combine(src, "UnlockControl/Program.cs"));
        string statement = Assert.Single(text.Split('\n'), line => line.EndsWith(';') && !line.StartsWith("using ", StringComparison.Ordinal));
        Assert.Equal("return (int)CommandLine.Run(args);", statement);
    }

    /// <summary>Whoever makes a thread is made by one of these, up to the one method that makes the settings first.</summary>
    [Theory]
    [InlineData("new Thread(", "CardUnlock/ChangeWaiter.cs", "Input/LateOpening.cs", "UnlockAgent/Shell/CardThread.cs", "UnlockAgent/Shell/Shutdown.cs")]
    [InlineData("new CardThread(", "UnlockAgent/Shell/Keyscript.cs")]
    [InlineData("Shutdown.Run(", "UnlockAgent/Shell/Keyscript.cs")]
    [InlineData("new CardMonitor(", "UnlockAgent/Shell/CardThread.cs")]
    [InlineData("InputDevices.Begin(", "UnlockAgent/Shell/Stage.cs")]
    [InlineData("Stage.Open(", "UnlockAgent/Shell/Keyscript.cs")]
    public void Threads_of_the_agent_are_made_by_its_keyscript_alone(string call, params string[] files) => Assert.Equal(
        files,
        Checkout.Files.Where(file => file.StartsWith(src + "/", StringComparison.Ordinal) && Path.GetExtension(file) == ".cs")
            .Select(file => Path.GetRelativePath(src, file))
            .Where(file => !file.StartsWith("UnlockControl/", StringComparison.Ordinal))
            .Where(file => File.ReadAllText(Path.Combine(src, file)).Contains(call, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal));

    [GeneratedRegex(@"public static \w+ Run\([^)]*\)\s*\{(.*?)\n    \}", RegexOptions.Singleline)]
    private static partial Regex Run();

    [GeneratedRegex("^ *//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();
}
