// SPDX-License-Identifier: GPL-3.0-or-later
// stdout and stderr as they are. Console would set the terminal up in its own way, and put it "back" in the middle of a question.
using System.CommandLine;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace UnlockControl.Terminal;

/// <summary>Both, each line written when it is whole.</summary>
internal sealed class OutputStreams : IDisposable
{
    public TextWriter Output { get; } = Open(1);

    public TextWriter Error { get; } = Open(2);

    /// <summary>System.CommandLine writes here, and leaves exceptions and signals to this program.</summary>
    public InvocationConfiguration Configuration => new()
    {
        Output = Output,
        Error = Error,
        EnableDefaultExceptionHandler = false,
        ProcessTerminationTimeout = null,
    };

    public void Dispose()
    {
        Output.Dispose();
        Error.Dispose();
    }

    private static StreamWriter Open(int descriptor)
    {
        FileStream stream = new(new SafeFileHandle(descriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true };
    }
}
