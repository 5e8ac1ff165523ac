// SPDX-License-Identifier: GPL-3.0-or-later
// The loop while somebody types the passphrase elsewhere.
using System.Text;
using UnlockAgent.Configuration;
using UnlockAgent.Machine;
using UnlockAgent.Native;
using UnlockAgent.Shell;

namespace UnlockAgent.Tests;

public sealed partial class UnlockLoopTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_passphrase_from_elsewhere_is_handed_over_whatever_the_person_does(bool opensDialog)
    {
        var (read, write) = Libc.NewPipe();
        using (read)
        {
            using var remote = new RemotePassphrase(read);
            Begin(Screens.PinPad with { Typed = 0 }, remote: remote);
            Tap(Button(b => b.Button == new Button(ButtonAction.Type, '5')));
            if (opensDialog)
            {
                Strike(Input.KeyCode.Power);
            }

            Assert.Equal((1, opensDialog ? Dialog.Power : Dialog.None), (Loop.State.Typed, Loop.State.Dialog));
            using (var stream = new FileStream(write, FileAccess.Write, bufferSize: 0))
            {
                stream.Write("typed elsewhere"u8);
            }

            Assert.Equal(LoopEnd.Key, Loop.Run());
            using var key = Loop.TakeKey();
            Assert.Equal("typed elsewhere", Encoding.ASCII.GetString(key.Span));
            Assert.Equal((KeyOrigin.Elsewhere, Mode.Opening, 0), (Loop.Origin, Loop.State.Mode, Loop.State.Typed));
        }
    }

    /// <summary>Who waited at the other end may end before the agent: the loop must sleep on, and not spin on the end of the pipe.</summary>
    [Fact]
    public void An_end_of_the_pipe_changes_nothing()
    {
        var (read, write) = Libc.NewPipe();
        using (read)
        {
            using var remote = new RemotePassphrase(read);
            Begin(Screens.PinPad with { Typed = 0 }, Settings.Default, remote: remote);
            write.Dispose();
            Loop.Turn(0);
            Assert.Null(remote.PollHandle);
            Tap(Button(b => b.Button == new Button(ButtonAction.Type, '5')));
            Assert.Equal((Mode.Card, 1), (Loop.State.Mode, Loop.State.Typed));
        }
    }
}
