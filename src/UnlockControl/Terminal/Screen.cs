// SPDX-License-Identifier: GPL-3.0-or-later
// Where Spectre.Console draws: a writer that is not Console's, as wide as the terminal behind it.
using System.Text;
using Microsoft.Win32.SafeHandles;
using Spectre.Console;
using UnlockControl.Native;

namespace UnlockControl.Terminal;

/// <summary>A place to draw; plain text in lines of 1000 where it is no terminal, so that no program that reads it meets a wrapped one.</summary>
internal sealed class Screen : IAnsiConsoleOutput
{
    private const int NoTerminalWidth = 1000;

    private Screen(TextWriter writer, int descriptor)
    {
        using SafeFileHandle file = new(descriptor, ownsHandle: false);
        Writer = writer;
        IsTerminal = TerminalCalls.TryGet(file, out _);
        int columns = TerminalCalls.Columns(file);
        Width = !IsTerminal ? NoTerminalWidth : columns > 0 ? columns : 80;
    }

    public TextWriter Writer { get; }

    public bool IsTerminal { get; }

    public int Width { get; }

    public int Height => 25;

    /// <summary>A console of Spectre's on a file descriptor.</summary>
    /// <param name="writer">Writes there.</param>
    /// <param name="descriptor">1 or 2.</param>
    /// <param name="colour">False: no colours even on a terminal.</param>
    public static IAnsiConsole Open(TextWriter writer, int descriptor, bool colour)
    {
        Screen screen = new(writer, descriptor);
        bool dumb = !screen.IsTerminal || Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb";
        return AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = dumb ? AnsiSupport.No : AnsiSupport.Yes,
            ColorSystem = dumb || !colour ? ColorSystemSupport.NoColors : ColorSystemSupport.Standard,
            Interactive = dumb ? InteractionSupport.No : InteractionSupport.Yes,
            Out = screen,
        });
    }

    /// <inheritdoc/>
    public void SetEncoding(Encoding encoding)
    {
        // It stays UTF-8.
    }
}
