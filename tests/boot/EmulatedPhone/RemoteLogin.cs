// SPDX-License-Identifier: GPL-3.0-or-later
//
// Somebody who logs in to the phone over ssh, through QEMU's own network: dropbear's client and key maker, run out of a Debian tree with its
// own loader and libraries.

using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace EmulatedPhone;

/// <summary>A key that may log in, and a port of this machine that leads to the phone's ssh server.</summary>
public sealed partial class RemoteLogin
{
    private static readonly Lock Making = new();
    private readonly string suite;
    private readonly int port = FreePort();

    /// <param name="suite">The phone's Debian.</param>
    public RemoteLogin(string suite)
    {
        this.suite = suite;
        lock (Making)
        {
            if (!File.Exists(KeyPath))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(KeyPath)!);
                string part = $"{KeyPath}.{Environment.ProcessId}.part";
                HostCommand.Run([.. Program("dropbearkey"), "-t", "ed25519", "-f", part], Phone.StepTimeout);
                File.Move(part, KeyPath);
            }
        }
    }

    /// <summary>The key as authorized_keys(5) has it.</summary>
    public string PublicKey => PublicKeyLine().Match(HostCommand.Run([.. Program("dropbearkey"), "-y", "-f", KeyPath], Phone.StepTimeout)).Value;

    /// <summary>Arguments of QEMU that give the phone a network.</summary>
    public string[] Arguments =>
        ["-netdev", $"user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:{port}-10.0.2.15:22", "-device", "virtio-net-pci,netdev=net"];

    /// <summary>Logs in and runs a command.</summary>
    /// <param name="command">For the phone's shell.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="timeout">For all of it.</param>
    public GuestResult Run(string command, byte[] input, TimeSpan timeout)
    {
        string output = HostCommand.Run(
            [
                "sh", "-c", "\"$@\" 2>&1; echo \"<status $?>\"", "sh", .. Program("dbclient"),
                "-y", "-y", "-T", "-i", KeyPath, "-p", $"{port}", "root@127.0.0.1", command,
            ],
            timeout,
            input);
        Match status = Status().Match(output);
        return new GuestResult(int.Parse(status.Groups[1].Value), output[..status.Index]);
    }

    private static string KeyPath => Path.Combine(Repository.Out, "keys", "login");

    private string[] Program(string name)
    {
        string tree = PhoneImage.GetTreeOfOthers(suite);
        string libraries = Path.Combine(tree, "usr", "lib", "x86_64-linux-gnu");
        return [Path.Combine(libraries, "ld-linux-x86-64.so.2"), "--library-path", libraries, Path.Combine(tree, "usr", "bin", name)];
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex("ssh-ed25519 [A-Za-z0-9+/=]+")]
    private static partial Regex PublicKeyLine();

    [GeneratedRegex("<status ([0-9]+)>\n$")]
    private static partial Regex Status();
}
