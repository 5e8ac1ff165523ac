// SPDX-License-Identifier: GPL-3.0-or-later
// What one try leaves for the next: it is believed once, by the try that comes right after, and never of another key.

using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using UnlockAgent.Machine;
using UnlockAgent.Shell;

namespace UnlockAgent.Tests;

[SupportedOSPlatform("linux")]
public sealed partial class KeyscriptEnvironmentTests : IDisposable
{
    private const int Round = 3;
    private const uint Nobody = 65534;
    private const UnixFileMode ReadOnly = UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.GroupRead
        | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private static readonly Choices choices = Choices.Default;
    private readonly string run = Directory.CreateTempSubdirectory("keyscript").FullName;
    private bool isWritable = true;

    public void Dispose()
    {
        File.SetUnixFileMode(run, ReadOnly | UnixFileMode.UserWrite);
        Directory.Delete(run, recursive: true);
    }

    [Theory]
    [InlineData(nameof(KeyOrigin.Card), nameof(Notice.CardKeyRefused))]
    [InlineData(nameof(KeyOrigin.Typed), nameof(Notice.WrongPassphrase))]
    [InlineData(nameof(KeyOrigin.Elsewhere), nameof(Notice.None))]
    public void The_next_try_says_what_the_one_before_it_handed_over(string origin, string expected)
    {
        Assert.Equal(Notice.None, Try(0, Enum.Parse<KeyOrigin>(origin)));
        Assert.Equal(expected, Try(1).ToString());
    }

    [Fact]
    public void The_first_try_of_the_next_round_speaks_of_the_last_try_of_this_one()
    {
        for (int round = 0; round < 3; round++)
        {
            for (int tried = 0; tried < Round; tried++)
            {
                Assert.Equal(round + tried == 0 ? Notice.None : Notice.WrongPassphrase, Try(tried, KeyOrigin.Typed));
            }
        }
    }

    /// <summary>unlockctl's test begins at try 0 too, and so does a boot's second look at a disk.</summary>
    [Theory]
    [InlineData(Round)]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_first_try_after_another_first_try_says_nothing(int tries)
    {
        Try(0, KeyOrigin.Typed, tries);
        Assert.Equal(Notice.None, Try(0, KeyOrigin.Typed, tries));
    }

    [Fact]
    public void A_round_that_never_ends_goes_on_beyond_three()
    {
        Try(2, KeyOrigin.Typed, tries: 0);
        Assert.Equal(Notice.WrongPassphrase, Try(3, tries: 0));
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 0)]
    public void Once_said_it_is_gone(int second, int third)
    {
        Try(0, KeyOrigin.Typed);
        Assert.Equal(Notice.WrongPassphrase, Try(1));
        Assert.Equal(Notice.None, Try(second));
        Assert.Equal(Notice.None, Try(third));
        Assert.Empty(Directory.GetFiles(run, "handed-over-*"));
    }

    /// <summary>What came between did not even get as far as to look: a text prompt, whose passphrase was another one.</summary>
    [Fact]
    public void A_try_that_the_agent_had_no_part_in_hides_the_one_before_it()
    {
        Try(0, KeyOrigin.Card);
        Assert.Equal(Notice.None, Try(2));
    }

    [Fact]
    public void A_key_that_nobody_took_is_not_spoken_of()
    {
        var first = new KeyscriptEnvironment("root", 0, Round, run);
        Assert.True(first.LeaveTrace(KeyOrigin.Typed, choices));
        first.WithdrawTrace();
        Assert.Equal(Notice.None, Try(1));
    }

    [Fact]
    public void Another_disk_has_tries_of_its_own()
    {
        Try(0, KeyOrigin.Typed);
        Assert.Equal(Notice.None, new KeyscriptEnvironment("other", 1, Round, run).Earlier);
        Assert.Equal(Notice.WrongPassphrase, Try(1));
    }

    /// <summary>A word that stays would be said again, of a card's key or of whatever is tried next.</summary>
    [Fact]
    public void What_cannot_be_taken_away_is_not_said()
    {
        Try(0, KeyOrigin.Typed);
        Notice[] seen = [Notice.WrongPassphrase, Notice.WrongPassphrase];
        AsNobody(() => seen = [Try(1, KeyOrigin.Card), Try(2, KeyOrigin.Card)]);
        Assert.Equal([Notice.None, Notice.None], seen);

        // The last try of the round could leave no word of its own.
        File.SetUnixFileMode(run, ReadOnly | UnixFileMode.UserWrite);
        Assert.Equal(Notice.None, Try(0));
    }

    /// <summary>A full /run holds the name and not the word.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("passphrase")]
    [InlineData("passphrase 11")]
    [InlineData("card 1\n")]
    public void Half_a_word_says_nothing(string word)
    {
        File.WriteAllText(Path.Combine(run, "handed-over-root"), word);
        Assert.Equal(Notice.None, Try(1));
    }

    private Notice Try(int tried, KeyOrigin? origin = null, int tries = Round)
    {
        var environment = new KeyscriptEnvironment("root", tried, tries, run);
        if (origin is { } handed)
        {
            Assert.Equal(isWritable, environment.LeaveTrace(handed, choices));
        }

        return environment.Earlier;
    }

    /// <summary>In a thread that a folder without the permission to write keeps out, whoever runs the tests.</summary>
    private void AsNobody(Action act)
    {
        File.SetUnixFileMode(run, ReadOnly);
        var thread = new Thread(() =>
        {
            _ = SetFileSystemUser(Nobody);
            Assert.Throws<UnauthorizedAccessException>(() => File.WriteAllText(Path.Combine(run, "control"), ""));
            isWritable = false;
            act();
            isWritable = true;
        });
        thread.Start();
        thread.Join();
    }

    /// <summary>setfsuid(2): of the calling thread alone.</summary>
    [LibraryImport("libc", EntryPoint = "setfsuid")]
    private static partial int SetFileSystemUser(uint user);
}
