// SPDX-License-Identifier: GPL-3.0-or-later
//
// An image whose boot is watched from its first moment on: an archive behind the initramfs, whose own bytes stay as they are, brings
// touch-player and a line of configuration that starts it before any script runs. BootLog reads what it leaves.

using System.Text;

namespace EmulatedPhone;

public sealed partial record PhoneImage
{
    /// <summary>For the kernel's command line: what runs and ends is traced, on the clock that the screen is watched by.</summary>
    public const string ObserverWords = "trace_clock=mono trace_event=sched:sched_process_exec,sched:sched_process_exit";

    // On a file system of its own, which outlives the initramfs.
    private const string Observer = $"""
        mkdir -p {BootLog.Folder}
        mount -t tmpfs tmpfs {BootLog.Folder}
        /bin/touch-player {BootLog.Folder}/screen </dev/null >/dev/null 2>&1 &
        mount -t tracefs tracefs /sys/kernel/tracing
        cat /sys/kernel/tracing/trace_pipe >{BootLog.Folder}/trace 2>/dev/null </dev/null &

        """;

    /// <summary>The same with the observer.</summary>
    public PhoneImage Observed()
    {
        DirectoryInfo files = Directory.CreateTempSubdirectory("unlock-agent-observer");
        try
        {
            // Not bin, which is a link to it in the initramfs: a folder here would take its place.
            string program = Path.Combine(files.CreateSubdirectory("usr/bin").FullName, "touch-player");
            File.WriteAllBytes(program, GuestProgram.Compile("touch-player"));
            HostCommand.Run(["chmod", "0755", program], Patience);
            File.WriteAllText(Path.Combine(files.CreateSubdirectory("conf/conf.d").FullName, "observer"), Observer);
            string names = HostCommand.Run(["find", ".", "-mindepth", "1"], Patience, folder: files.FullName);
            string archive = Path.Combine(files.FullName, "archive");
            HostCommand.Run(
                ["cpio", "--quiet", "-o", "-H", "newc", "-R", "0:0", "-F", archive], Patience, Encoding.UTF8.GetBytes(names), folder: files.FullName);

            string observed = Path.Combine(Path.GetDirectoryName(Initrd)!, "observed.img");
            string part = $"{observed}.{Environment.ProcessId}.part";
            byte[] image = File.ReadAllBytes(Initrd);

            // The kernel looks for the next archive at a multiple of four bytes.
            File.WriteAllBytes(part, [.. image, .. new byte[-image.Length & 3], .. File.ReadAllBytes(archive)]);
            File.Move(part, observed, overwrite: true);
            return this with { Initrd = observed };
        }
        finally
        {
            files.Delete(recursive: true);
        }
    }
}
