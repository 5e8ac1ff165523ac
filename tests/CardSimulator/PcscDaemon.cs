// SPDX-License-Identifier: GPL-3.0-or-later
// A pcscd of a test's own, with one vpcd reader on a free port or with readers of the test's choice. pcscd's socket is
// always /run/pcscd/pcscd.comm, so it runs in a mount namespace where /run/pcscd is the test's folder: daemons run side by
// side, also beside the system's. Clients find it through PCSCLITE_CSOCK_NAME.

using System.Diagnostics;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;

namespace CardSimulator;

/// <summary>A private pcscd with one virtual reader; stopped on dispose.</summary>
public sealed class PcscDaemon : IDisposable
{
    /// <summary>The variable that tells libpcsclite where its daemon is.</summary>
    public const string SocketVariable = "PCSCLITE_CSOCK_NAME";

    private const string RunFolder = "/run/pcscd";
    private const string VpcdDriver = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so";
    private const int MaxTries = 5;
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(20);

    private readonly Process process;
    private readonly StringBuilder output = new();

    private PcscDaemon(Process process, string folder, int port)
    {
        this.process = process;
        Folder = folder;
        Port = port;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>The daemon's own folder, removed on dispose.</summary>
    public string Folder { get; }

    /// <summary>The TCP port that the virtual reader's driver listens on; 0 where there is no such reader.</summary>
    public int Port { get; }

    /// <summary>The daemon's socket, the value for <see cref="SocketVariable"/>.</summary>
    public string SocketPath => Path.Combine(Folder, "run", "pcscd.comm");

    /// <summary>The folder that stands for /etc/reader.conf.d.</summary>
    public string ReaderFolder => Path.Combine(Folder, "readers");

    /// <summary>Its process.</summary>
    public int Id => process.Id;

    /// <summary>What the daemon has said so far.</summary>
    public string Output
    {
        get
        {
            lock (output)
            {
                return output.ToString();
            }
        }
    }

    /// <summary>Starts the daemon and waits until it takes clients.</summary>
    /// <param name="readerName">The reader's name; pcscd adds " 00 00".</param>
    /// <exception cref="InvalidOperationException">It does not start; the message holds what it said.</exception>
    public static PcscDaemon Start(string readerName = "Virtual PCD")
    {
        for (int tries = 1; ; tries++)
        {
            int port = FreePorts();
            PcscDaemon daemon = Start(port, $"""
                FRIENDLYNAME "{readerName}"
                DEVICENAME   /dev/null:0x{port:X4}
                LIBPATH      {VpcdDriver}
                CHANNELID    0x{port:X4}

                """);
            if (daemon.HasReader() || tries == MaxTries)
            {
                return daemon;
            }

            // Somebody took a port before the driver did, which gives up then for good.
            daemon.Dispose();
        }
    }

    /// <summary>Starts the daemon without a virtual reader, and waits until it takes clients.</summary>
    /// <param name="readers">What the one file in reader.conf.d says.</param>
    /// <exception cref="InvalidOperationException">It does not start; the message holds what it said.</exception>
    public static PcscDaemon StartWith(string readers) => Start(0, readers);

    /// <summary>A reader slot of this daemon, empty.</summary>
    public VpcdReader NewReader(VirtualCard card) => new(card, Port);

    /// <summary>Points a child process at this daemon.</summary>
    public void ApplyTo(ProcessStartInfo start) => start.Environment[SocketVariable] = SocketPath;

    /// <summary>Points libpcsclite inside this very process at this daemon.</summary>
    public void UseInThisProcess() => UseInThisProcess(SocketPath);

    /// <summary>Points libpcsclite inside this very process at a daemon that somebody else starts.</summary>
    public static void UseInThisProcess(string socketPath) => _ = Native.Libc.SetEnvironment(SocketVariable, socketPath, 1);

    /// <summary>Kills the daemon as a crash would: without good-bye.</summary>
    public void Kill()
    {
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            Kill();
        }

        process.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private static PcscDaemon Start(int port, string configuration)
    {
        string folder = Directory.CreateTempSubdirectory("pcscd-").FullName;
        Directory.CreateDirectory(Path.Combine(folder, "run"));
        string readers = Directory.CreateDirectory(Path.Combine(folder, "readers")).FullName;
        File.WriteAllText(Path.Combine(readers, "readers"), configuration);
        PcscDaemon daemon = new(Launch(folder, readers), folder, port);
        try
        {
            daemon.WaitUntilListening();
        }
        catch
        {
            daemon.Dispose();
            throw;
        }

        return daemon;
    }

    private static Process Launch(string folder, string readers)
    {
        // Without root a user namespace gives the right to mount.
        string[] namespaces = Environment.IsPrivilegedProcess
            ? ["--mount"] : ["--user", "--map-root-user", "--mount"];

        // Our end of its stdin closes when this process dies, however it dies: then the daemon must not stay behind.
        const string script = """
            set -e
            run=$1 readers=$2 target=$3
            if ! mkdir -p "$target" 2>/dev/null; then mount -t tmpfs tmpfs /run; mkdir -p "$target"; fi
            mount --bind "$run" "$target"
            polkit=
            if pcscd --help | grep -q -e --disable-polkit; then polkit=--disable-polkit; fi
            exec 3<&0
            (cat <&3 >/dev/null; kill -9 $$) &
            exec pcscd --foreground --config "$readers" $polkit 3<&- </dev/null
            """;
        ProcessStartInfo start = new("unshare")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (string argument in (string[])[.. namespaces, "sh", "-c", script, "sh", Path.Combine(folder, "run"), readers, RunFolder])
        {
            start.ArgumentList.Add(argument);
        }

        string path = Environment.GetEnvironmentVariable("PATH") ?? string.Empty;
        start.Environment["PATH"] = path + ":/usr/sbin:/sbin";
        return Process.Start(start) ?? throw new InvalidOperationException("unshare did not start.");
    }

    // The driver listens on two, for two slots. Not of those that the kernel gives to outgoing connections.
    private static int FreePorts()
    {
        const int First = 20_000, Last = 32_000;
        while (true)
        {
            int port = Random.Shared.Next(First / 2, Last / 2) * 2;
            try
            {
                using TcpListener one = new(IPAddress.Any, port), other = new(IPAddress.Any, port + 1);
                one.Start();
                other.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken.
            }
        }
    }

    private bool HasReader() => SpinWait.SpinUntil(
        () => IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Any(end => end.Port == Port), TimeSpan.FromSeconds(5));

    private void WaitUntilListening()
    {
        DateTime deadline = DateTime.UtcNow + StartTimeout;
        while (!TakesClients())
        {
            if (process.HasExited || DateTime.UtcNow > deadline)
            {
                throw new InvalidOperationException($"pcscd does not start: {Output}");
            }

            Thread.Sleep(20);
        }
    }

    private bool TakesClients()
    {
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(SocketPath));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void Keep(string? line)
    {
        lock (output)
        {
            output.AppendLine(line);
        }
    }
}
