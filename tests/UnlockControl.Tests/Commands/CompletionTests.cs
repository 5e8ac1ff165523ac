// SPDX-License-Identifier: GPL-3.0-or-later
// Completion as a person has it: real shells at a terminal, or what the shell itself says that it would offer.

using System.Diagnostics;
using UnlockControl.Tests.Enrolment;

namespace UnlockControl.Tests.Commands;

public sealed class CompletionTests : IDisposable
{
    private const string Ready = "the shell is ready";
    private readonly string folder = Directory.CreateTempSubdirectory("completion-").FullName;

    public CompletionTests() => File.WriteAllText(Path.Combine(folder, "crypttab"), "root_crypt UUID=1 none luks\ndata_crypt UUID=2 none luks\n");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>What is typed before Tab, and the whole line after it.</summary>
    public static TheoryData<string, string> Lines => new()
    {
        { "unlockctl en", "unlockctl enroll" },
        { "unlockctl enroll --un", "unlockctl enroll --unlock-key-file" },
        { "unlockctl enroll ro", "unlockctl enroll root_crypt" },
        { "unlockctl card ch", "unlockctl card change-pin" },
        { "unlockctl disable --keep-keys da", "unlockctl disable --keep-keys data_crypt" },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public void Bash_completes(string typed, string whole)
    {
        using PersonAtTerminal person = new("bash", ["--norc", "--noprofile", "-i"], Configure);
        person.TypeLine($". '{Script("unlockctl.bash")}'");
        AssertCompletes(person, typed, whole);
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public void Zsh_completes(string typed, string whole)
    {
        using PersonAtTerminal person = new("zsh", ["-f", "-i"], Configure);
        person.TypeLine($"fpath=('{Path.GetDirectoryName(Script("_unlockctl"))}' $fpath); autoload -U compinit; compinit -u -d '{folder}/dump'; bindkey -e");
        AssertCompletes(person, typed, whole);
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public void Fish_completes(string typed, string whole)
    {
        string[] offered = Tool.Run("env",
            "PATH=" + SearchPath,
            "TABFILE=" + Path.Combine(folder, "crypttab"),
            "HOME=" + folder,
            "fish", "--no-config", "-c", $"source '{Script("unlockctl.fish")}'; complete -C '{typed}'").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal([whole[(whole.LastIndexOf(' ') + 1)..]], offered);
    }

    [Fact]
    public void After_a_blank_every_volume_is_offered()
    {
        (int code, string output, _) = ControlProgram.Run(["[suggest:17]", "unlockctl enroll "], Configure);
        Assert.Equal(0, code);
        Assert.Superset(new HashSet<string> { "root_crypt", "data_crypt", "--another-card" }, output.Split('\n').ToHashSet());
    }

    private static string SearchPath => Path.GetDirectoryName(ControlProgram.Location) + ":" + Environment.GetEnvironmentVariable("PATH");

    private static string Script(string name) => Repository.PathOf("src", "UnlockControl", "completions", name);

    // Ctrl-A and "echo" before the completed line have the shell itself say what it is, and run nothing.
    private static void AssertCompletes(PersonAtTerminal person, string typed, string whole)
    {
        person.TypeLine($"echo {Ready.Replace("ready", "'ready'", StringComparison.Ordinal)}");
        person.WaitFor(Ready);
        person.Type(typed + "\t");
        person.WaitFor(whole.Split(' ')[^1][^3..]);
        person.Type("\x01" + "echo \"$((40 + 2)):\" \r");
        person.WaitFor($"42: {whole}\r\n");
    }

    private void Configure(ProcessStartInfo start)
    {
        start.Environment["PATH"] = SearchPath;
        start.Environment["TABFILE"] = Path.Combine(folder, "crypttab");
        start.Environment["HOME"] = folder;
        start.Environment["TERM"] = "dumb";
    }
}
