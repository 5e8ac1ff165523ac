// SPDX-License-Identifier: GPL-3.0-or-later
// One process of the real agent.

using System.Diagnostics;
using System.Text;

namespace HostPhone;

/// <summary>A running or ended agent; killed on dispose.</summary>
public sealed class AgentRun : IDisposable
{
    private readonly Phone phone;
    private readonly Process process;
    private readonly MemoryStream output = new();
    private readonly StringBuilder errors = new();
    private readonly Thread reader;
    private readonly Thread errorReader;

    /// <summary>Starts one; the screen stays as it is.</summary>
    public AgentRun(Phone phone, AgentOptions options)
    {
        ArgumentNullException.ThrowIfNull(phone);
        ArgumentNullException.ThrowIfNull(options);
        this.phone = phone;
        string script = $"{options.Prelude}\nexport LD_PRELOAD=\"$1\"; shift; exec \"$@\"";
        string[] key = options.Key.Length > 0 ? [options.Key] : [];
        var start = new ProcessStartInfo("/bin/sh", ["-c", script, "sh", Shim.Path, .. options.Wrapper, Checkout.Agent, .. options.Arguments, .. key])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["UNLOCK_PHONE_ROOT"] = phone.Folder;
        start.Environment["PCSCLITE_CSOCK_NAME"] = options.PcscSocket;
        start.Environment["CRYPTTAB_NAME"] = options.Volume;
        start.Environment["CRYPTTAB_SOURCE"] = "/dev/null";
        start.Environment["CRYPTTAB_KEY"] = options.Key;
        start.Environment["CRYPTTAB_TRIED"] = options.Tried.ToString(System.Globalization.CultureInfo.InvariantCulture);
        process = Process.Start(start) ?? throw new InvalidOperationException("sh did not start.");
        reader = Begin(() => process.StandardOutput.BaseStream.CopyTo(output));
        errorReader = Begin(() => errors.Append(process.StandardError.ReadToEnd()));
        if (options.ReadsOutput)
        {
            reader.Start();
        }

        errorReader.Start();
    }

    /// <summary>The process' id.</summary>
    public int Id => process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => process.HasExited;

    /// <summary>The phone that it runs on.</summary>
    public Phone Phone => phone;

    /// <summary>Its exit status; 128 + the signal that ended it.</summary>
    public int ExitCode => process.ExitCode;

    /// <summary>What it wrote to stderr; once it has ended.</summary>
    public string Errors => errors.ToString();

    /// <summary>Waits for its end and for all of its output.</summary>
    /// <returns>False: it still runs.</returns>
    public bool AwaitEnd(TimeSpan timeout)
    {
        if (!process.WaitForExit(timeout))
        {
            return false;
        }

        if (reader.ThreadState == System.Threading.ThreadState.Unstarted)
        {
            reader.Start();
        }

        reader.Join();
        errorReader.Join();
        return true;
    }

    /// <summary>What came out of stdout; once it has ended.</summary>
    public byte[] Output() => output.ToArray();

    /// <summary>Sends a signal.</summary>
    public void Signal(int number)
    {
        if (Native.Libc.Kill(process.Id, number) != 0 && !process.HasExited)
        {
            throw new InvalidOperationException($"Signal {number} was not sent.");
        }
    }

    /// <summary>Closes the other end of its stdin.</summary>
    public void CloseInput() => process.StandardInput.Close();

    /// <summary>Closes the other end of its stdout: whoever was to read the key is gone. For <see cref="AgentOptions.ReadsOutput"/> false.</summary>
    public void CloseOutput() => process.StandardOutput.Close();

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
            process.WaitForExit();
        }

        process.Dispose();
        output.Dispose();
    }

    private static Thread Begin(Action read) => new(() =>
    {
        try
        {
            read();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Closed by the test.
        }
    })
    {
        IsBackground = true,
        Name = "agent's output",
    };
}
