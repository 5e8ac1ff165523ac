// SPDX-License-Identifier: GPL-3.0-or-later
// stdout and stderr as they are. Console's own writers would set the terminal up in their way, and put it "back" in the middle of a question.
using System.CommandLine;
using System.Text;

namespace UnlockControl.Terminal;

/// <summary>Both, each line written when it is whole; a reader that went away is no error.</summary>
internal sealed class OutputStreams : IDisposable
{
    private static readonly UTF8Encoding WithoutMark = new(encoderShouldEmitUTF8Identifier: false);

    public TextWriter Output { get; } = new StreamWriter(Console.OpenStandardOutput(), WithoutMark) { AutoFlush = true };

    public TextWriter Error { get; } = new StreamWriter(Console.OpenStandardError(), WithoutMark) { AutoFlush = true };

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
}
