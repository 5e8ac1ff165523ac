// SPDX-License-Identifier: GPL-3.0-or-later
// stdout or stderr by write(2) alone. FileStream would keep a position of its own in a file that both write to, and Console would set the
// terminal up in its way, and put it "back" in the middle of a question.
using Microsoft.Win32.SafeHandles;
using UnlockControl.Native;

namespace UnlockControl.Terminal;

/// <summary>Write only; a reader that went away is no error.</summary>
internal sealed class DescriptorStream(int descriptor) : Stream
{
    private readonly SafeFileHandle file = new(descriptor, ownsHandle: false);

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="IOException">It took not all of it: a full disk, for instance.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        int errno = TerminalCalls.Write(file, buffer);
        if (errno is not 0 and not TerminalCalls.EPIPE)
        {
            throw new IOException($"The output cannot be written (errno {errno}).");
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
        // Nothing is kept back.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        file.Dispose();
        base.Dispose(disposing);
    }
}
