// SPDX-License-Identifier: GPL-3.0-or-later
//
// The test images' shell on a virtio port: commands in, their output and status back.

using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace EmulatedPhone;

/// <summary>What a command in the guest printed (both streams) and its exit status.</summary>
public sealed record GuestResult(int Status, string Output);

/// <summary>A shell inside the initramfs, there from init-premount on; one command at a time.</summary>
internal sealed class GuestShell(Socket socket) : IDisposable
{
    private readonly byte[] buffer = new byte[4096];
    private int serial;
    private bool ready;

    /// <summary>Runs a line of shell in the guest.</summary>
    /// <exception cref="PhoneException">No answer in time: the shell is not up yet, or the command hangs.</exception>
    public GuestResult Run(string command, TimeSpan timeout)
    {
        if (!ready)
        {
            // What is sent before the port is open in the guest is lost.
            Read(new Regex("<shell ready>"), "the start of the test shell", timeout);
            ready = true;
        }

        // Numbered marks on both sides: what an earlier command that timed out still prints is not taken for this one's.
        // Once the root is open, this shell's own root is empty, and what is above it ("/..", which is the same before) is the opened one.
        int number = ++serial;
        Send($"echo \"<begin {number}>\"; ( {command}\n) </../dev/null 2>&1; echo \"<end {number} $?>\"\n");
        var pattern = new Regex($"<begin {number}>\n(.*)<end {number} ([0-9]+)>", RegexOptions.Singleline);
        Match match = Read(pattern, command, timeout);
        return new GuestResult(int.Parse(match.Groups[2].Value), match.Groups[1].Value);
    }

    /// <summary>The shell at the far end ends and another one comes, which says so.</summary>
    public void ExpectAnother() => ready = false;

    public void Dispose() => socket.Dispose();

    private Match Read(Regex pattern, string awaited, TimeSpan timeout)
    {
        var text = new StringBuilder();
        DateTime deadline = DateTime.UtcNow + timeout;
        while (true)
        {
            Match match = pattern.Match(text.ToString());
            if (match.Success)
            {
                return match;
            }

            TimeSpan left = deadline - DateTime.UtcNow;
            if (left <= TimeSpan.Zero || !socket.Poll(left, SelectMode.SelectRead))
            {
                throw new PhoneException($"the guest did not finish in time: {awaited}; it printed: {text}");
            }

            int count = socket.Receive(buffer);
            text.Append(count > 0 ? Encoding.UTF8.GetString(buffer, 0, count) : throw new PhoneException("QEMU ended"));
        }
    }

    private void Send(string text) => socket.Send(Encoding.UTF8.GetBytes(text));
}
