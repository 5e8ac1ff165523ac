// SPDX-License-Identifier: GPL-3.0-or-later
//
// QEMU as a child that cannot outlive this program, and the sockets between the two: this side listens, QEMU connects.

using System.Diagnostics;
using System.Net.Sockets;

namespace EmulatedPhone;

/// <summary>A running QEMU and a private folder for its sockets; disposing kills it and removes the folder.</summary>
internal sealed class QemuProcess : IDisposable
{
    // The shell waits for the end of its standard input, which comes also when this program is killed, and then kills QEMU.
    private const string Guard = "\"$@\" </dev/null & child=$!; cat >/dev/null; kill -9 $child";

    private readonly string folder = Directory.CreateTempSubdirectory("unlock-agent-phone").FullName;
    private readonly Dictionary<string, Socket> listeners = [];
    private readonly TaskCompletionSource<string> errors = new();
    private Process? process;

    /// <summary>A socket's path in the private folder, for a listener of somebody else's.</summary>
    public string PathOf(string name) => Path.Combine(folder, name);

    /// <summary>The path of a socket that QEMU will connect to; call before <see cref="Start"/>.</summary>
    public string Listen(string name)
    {
        string path = PathOf(name);
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen(1);
        listeners[name] = listener;
        return path;
    }

    public void Start(IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, RedirectStandardError = true };
        foreach (string argument in (string[])["-c", Guard, "sh", .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        process = Process.Start(start) ?? throw new PhoneException("cannot start QEMU");
        process.StandardError.ReadToEndAsync().ContinueWith(
            read => errors.SetResult(read.IsCompletedSuccessfully ? read.Result : ""), TaskScheduler.Default);
    }

    /// <summary>QEMU's end of the socket <paramref name="name"/>.</summary>
    /// <exception cref="PhoneException">QEMU did not connect in time; the message holds what it said.</exception>
    public Socket Accept(string name, TimeSpan timeout)
    {
        Socket listener = listeners[name];
        if (!listener.Poll(timeout, SelectMode.SelectRead))
        {
            Kill();
            throw new PhoneException($"QEMU did not start: {errors.Task.Result}");
        }

        return listener.Accept();
    }

    public void Dispose()
    {
        Kill();
        process?.Dispose();
        foreach (Socket listener in listeners.Values)
        {
            listener.Dispose();
        }

        Directory.Delete(folder, recursive: true);
    }

    private void Kill()
    {
        process?.StandardInput.Close();
        process?.WaitForExit();
    }
}
