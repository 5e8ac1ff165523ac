// SPDX-License-Identifier: GPL-3.0-or-later
//
// Programs of the host: run to the end within a time limit, fail with what they said.

using System.Diagnostics;

namespace EmulatedPhone;

/// <summary>Runs programs of the host to their end.</summary>
public static class HostCommand
{
    private static readonly string[] AdministratorPath = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

    /// <summary>Runs <paramref name="arguments"/> (program first) and returns its standard output.</summary>
    /// <param name="timeout">The program is killed and the call fails after this time.</param>
    /// <param name="input">Bytes for standard input; none when null.</param>
    /// <param name="environment">Variables set on top of the caller's own.</param>
    /// <param name="folder">Where it runs; here when null.</param>
    /// <exception cref="PhoneException">It cannot start, takes too long, or ends with another status than 0.</exception>
    public static string Run(
        IReadOnlyList<string> arguments,
        TimeSpan timeout,
        byte[]? input = null,
        IReadOnlyDictionary<string, string>? environment = null,
        string? folder = null)
    {
        var start = new ProcessStartInfo(arguments[0])
        {
            WorkingDirectory = folder ?? "",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in arguments.Skip(1))
        {
            start.ArgumentList.Add(argument);
        }

        // cryptsetup and mkfs.ext4 live where a plain user's PATH does not look.
        start.Environment["PATH"] = string.Join(':', [Environment.GetEnvironmentVariable("PATH"), .. AdministratorPath]);
        start.FileName = Find(arguments[0], start.Environment["PATH"]!);
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start) ?? throw new PhoneException($"cannot start {arguments[0]}");
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (input is not null)
        {
            process.StandardInput.BaseStream.Write(input);
        }

        process.StandardInput.Close();
        if (!process.WaitForExit(timeout))
        {
            process.Kill(entireProcessTree: true);
            throw new PhoneException($"{arguments[0]} did not end within {timeout.TotalSeconds:0} s");
        }

        return process.ExitCode == 0
            ? output.Result
            : throw new PhoneException(
                $"{string.Join(' ', arguments)} ended with status {process.ExitCode}:\n{errors.Result}{output.Result}");
    }

    /// <summary>The same as root: through sudo where the caller is not root.</summary>
    public static string RunAsRoot(IReadOnlyList<string> arguments, TimeSpan timeout) =>
        Run(Environment.IsPrivilegedProcess ? arguments : ["sudo", "--non-interactive", "--", .. arguments], timeout);

    private static string Find(string program, string path) =>
        program.Contains('/')
            ? program
            : path.Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists)
                ?? throw new PhoneException($"the program {program} is not installed");
}
