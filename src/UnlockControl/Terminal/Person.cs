// SPDX-License-Identifier: GPL-3.0-or-later
// The person at the terminal, or behind pinentry. Questions go to the controlling terminal, results to stdout, errors to stderr.
using System.Globalization;
using System.Runtime.InteropServices;
using CardUnlock;
using Spectre.Console;

namespace UnlockControl.Terminal;

/// <summary>How a person is asked and told.</summary>
internal sealed record PersonOptions
{
    /// <summary>The program that asks for secrets; null: the terminal does where there is one.</summary>
    public string? Pinentry { get; init; }

    public bool NeverPinentry { get; init; }

    public bool Colour { get; init; } = true;

    /// <summary><see cref="IPrompt.Say"/> and <see cref="IPrompt.Progress"/> say nothing.</summary>
    public bool Quiet { get; init; }
}

/// <inheritdoc cref="IPrompt"/>
internal sealed class Person : IPrompt, IDisposable
{
    private readonly PersonOptions options;
    private readonly OutputStreams streams = new();
    private readonly TerminalDevice? terminal = TerminalDevice.TryOpen();
    private readonly IAnsiConsole output;
    private readonly IAnsiConsole errors;
    private bool inProgress;

    public Person(PersonOptions options)
    {
        this.options = options;
        output = Screen.Open(streams.Output, 1, options.Colour);
        errors = Screen.Open(streams.Error, 2, options.Colour);
    }

    /// <summary>Where results are drawn.</summary>
    public IAnsiConsole Output => output;

    /// <summary>Where a result goes that is for programs: no colour, no width.</summary>
    public TextWriter Plain => streams.Output;

    public SecretBuffer? AskSecret(string question, int most)
    {
        StopProgressFirst();
        if (options.Pinentry is { } chosen)
        {
            return AskPinentry(chosen, question, most);
        }

        if (terminal is not null)
        {
            return terminal.AskSecret(question, most);
        }

        if (!options.NeverPinentry && PinentryProgram.IsThere)
        {
            return AskPinentry(PinentryProgram.Usual, question, most);
        }

        Complain($"There is no terminal to ask for: {question}. Run this in a terminal, or install pinentry.");
        return null;
    }

    public string? AskLine(string question)
    {
        StopProgressFirst();
        return terminal?.AskLine(question);
    }

    public bool Confirm(string question, bool otherwise)
    {
        while (AskLine($"{question} [{(otherwise ? "Y/n" : "y/N")}]") is { } answer)
        {
            switch (answer.ToUpperInvariant())
            {
                case "":
                    return otherwise;
                case "Y" or "YES":
                    return true;
                case "N" or "NO":
                    return false;
            }
        }

        return terminal is null && otherwise;
    }

    public bool Agree(IReadOnlyList<string> lines, string question)
    {
        StopProgressFirst();
        foreach (string line in lines)
        {
            // What is asked about belongs to the question: where that goes, and also for who wants questions only.
            if (terminal is null)
            {
                streams.Output.WriteLine(line);
            }
            else
            {
                terminal.ShowLine(line);
            }
        }

        return Confirm(question, otherwise: false);
    }

    public int? Choose(string question, IReadOnlyList<string> choices)
    {
        if (terminal is null)
        {
            return null;
        }

        for (int i = 0; i < choices.Count; i++)
        {
            terminal.ShowLine(string.Create(CultureInfo.InvariantCulture, $"  {i + 1}  {choices[i]}"));
        }

        while (AskLine($"{question} [1-{choices.Count}]") is { } answer)
        {
            if (int.TryParse(answer, CultureInfo.InvariantCulture, out int number) && number >= 1 && number <= choices.Count)
            {
                return number - 1;
            }
        }

        return null;
    }

    public bool AwaitEnter(string request) => AskLine($"{request} [Enter]") is not null;

    public void Say(string line)
    {
        if (options.Quiet)
        {
            return;
        }

        // Spectre would break a long line: a command in it could not be copied. While it draws, it must know of every line.
        if (inProgress && output.Profile.Out.IsTerminal)
        {
            errors.WriteLine(line);
        }
        else
        {
            streams.Output.WriteLine(line);
        }
    }

    public void Complain(string line)
    {
        errors.Write(new Text("unlockctl: ", new Style(Color.Red)));
        if (inProgress)
        {
            errors.WriteLine(line);
        }
        else
        {
            streams.Error.WriteLine(line);
        }
    }

    public void Progress(string what, Action<Action<string>> work)
    {
        if (options.Quiet)
        {
            work(_ => { });
        }
        else if (errors.Profile.Capabilities.Interactive)
        {
            Spin(what, work);
        }
        else
        {
            streams.Error.WriteLine(what + " …");
            work(streams.Error.WriteLine);
        }
    }

    public void Dispose()
    {
        terminal?.Dispose();
        streams.Dispose();
    }

    // Spectre hides the cursor while it spins: whatever ends the program meanwhile, it comes back.
    private void Spin(string what, Action<Action<string>> work)
    {
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => ShowCursor());
        using PosixSignalRegistration end = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => ShowCursor());
        using PosixSignalRegistration hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, _ => ShowCursor());
        inProgress = true;
        try
        {
            errors.Status().Start(Markup.Escape(what), status => work(line => status.Status = Markup.Escape(line)));
        }
        finally
        {
            inProgress = false;
        }
    }

    private void ShowCursor() => streams.Error.Write("\e[?25h");

    private void StopProgressFirst()
    {
        if (inProgress)
        {
            throw new InvalidOperationException("A question while something is drawn would be drawn over.");
        }
    }

    private SecretBuffer? AskPinentry(string program, string question, int most)
    {
        PinentryAnswer answer = PinentryProgram.Ask(program, question, most);
        if (answer.Fault is { } fault)
        {
            Complain(fault);
        }

        return answer.Secret;
    }
}
