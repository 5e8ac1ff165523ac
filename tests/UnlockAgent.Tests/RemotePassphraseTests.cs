// SPDX-License-Identifier: GPL-3.0-or-later
// A pipe as the keyscript makes it, with somebody at its other end who types a passphrase, or does not.
using System.Text;
using Microsoft.Win32.SafeHandles;
using UnlockAgent.Native;
using UnlockAgent.Shell;

namespace UnlockAgent.Tests;

public sealed class RemotePassphraseTests : IDisposable
{
    private readonly SafeFileHandle read;
    private readonly FileStream write;
    private readonly RemotePassphrase remote;

    public RemotePassphraseTests()
    {
        (read, var other) = Libc.NewPipe();
        write = new FileStream(other, FileAccess.Write, bufferSize: 0);
        remote = new RemotePassphrase(read);
    }

    public void Dispose()
    {
        remote.Dispose();
        write.Dispose();
        read.Dispose();
    }

    [Fact]
    public void A_passphrase_is_what_comes_before_the_end_to_the_last_byte()
    {
        write.Write("one\n"u8);
        Assert.Null(remote.TryRead());
        write.Write("two\0\n"u8);
        Assert.Null(remote.TryRead());
        write.Dispose();
        using var passphrase = remote.TryRead();
        Assert.NotNull(passphrase);
        Assert.Equal("one\ntwo\0\n", Encoding.ASCII.GetString(passphrase.Span));
        Assert.Null(remote.PollHandle);
    }

    [Fact]
    public void An_end_with_nothing_before_it_is_no_passphrase_and_is_not_looked_at_again()
    {
        Assert.NotNull(remote.PollHandle);
        write.Dispose();
        Assert.Null(remote.TryRead());
        Assert.Null(remote.PollHandle);
    }

    [Theory]
    [InlineData(RemotePassphrase.MaxLength, true)]
    [InlineData(RemotePassphrase.MaxLength + 1, false)]
    public void A_passphrase_that_is_too_long_is_not_taken_and_never_in_part(int length, bool isTaken)
    {
        write.Write(new byte[length]);
        write.Dispose();
        for (int i = 0; remote.PollHandle is not null; i++)
        {
            Assert.InRange(i, 0, length);
            using var passphrase = remote.TryRead();
            Assert.True(passphrase is null || (isTaken && passphrase.Length == length));
            if (passphrase is not null)
            {
                return;
            }
        }

        Assert.False(isTaken);
    }
}
