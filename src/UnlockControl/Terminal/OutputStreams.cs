// SPDX-License-Identifier: GPL-3.0-or-later
// stdout and stderr as text, and what System.CommandLine is to know of them.
using System.CommandLine;
using System.Text;

namespace UnlockControl.Terminal;

/// <summary>Both, each text written at once.</summary>
internal sealed class OutputStreams : IDisposable
{
    private static readonly UTF8Encoding WithoutMark = new(encoderShouldEmitUTF8Identifier: false);

    public TextWriter Output { get; } = new StreamWriter(new DescriptorStream(1), WithoutMark) { AutoFlush = true };

    public TextWriter Error { get; } = new StreamWriter(new DescriptorStream(2), WithoutMark) { AutoFlush = true };

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
