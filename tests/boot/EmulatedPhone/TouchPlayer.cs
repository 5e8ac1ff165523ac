// SPDX-License-Identifier: GPL-3.0-or-later
//
// A hand inside the guest, by tests/boot/touch-player: devices and fingers that QEMU's own tablet cannot play, on the
// guest's clock. Its two named pipes stay open at both ends, so that it lives from script to script.

using System.Text;

namespace EmulatedPhone;

/// <summary>A running touch-player; its devices are there until the phone is switched off.</summary>
public sealed class TouchPlayer
{
    private const string Program = "/touch-player", Script = "/run/player.txt", In = "/run/player.in", Out = "/run/player.out";
    private const string End = "end-of-script", Ended = "touch-player ended";

    private readonly Phone phone;

    private TouchPlayer(Phone phone) => this.phone = phone;

    /// <summary>Puts the program into the guest and starts it.</summary>
    /// <exception cref="PhoneException">The guest has no shell or no uinput.</exception>
    public static TouchPlayer Start(Phone phone)
    {
        phone.SendFile(Program, GuestProgram.Compile("touch-player"));

        // When it ends, which only an error makes it, whoever waits is told.
        const string Run = $"{Program} <>{In}; while :; do echo {Ended}; echo {End}; sleep 1; done";
        phone.RunInGuest($"mkfifo {In} {Out}; ( {Run} ) 1<>{Out} 2>&1 &", Phone.StepTimeout);
        return new TouchPlayer(phone);
    }

    /// <summary>Plays a script to its end.</summary>
    /// <param name="script">Lines as touch-player.c has them.</param>
    /// <param name="timeout">For all of it.</param>
    /// <returns>What it printed.</returns>
    /// <exception cref="PhoneException">It does not end in time, or a line is refused.</exception>
    public string Play(IEnumerable<string> script, TimeSpan timeout)
    {
        phone.SendFile(Script, Encoding.ASCII.GetBytes(string.Join('\n', [.. script, "say " + End, ""])));

        // Not sed, which looks for a further line before it ends.
        string read = $"while read -r line && [ \"$line\" != {End} ]; do echo \"$line\"; done <{Out}";
        string printed = phone.RunInGuest($"cat {Script} >{In}; {read}", timeout).Output;
        return printed.Contains(Ended, StringComparison.Ordinal) ? throw phone.Failure(printed) : printed;
    }
}
