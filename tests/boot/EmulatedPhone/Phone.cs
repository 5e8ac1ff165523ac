// SPDX-License-Identifier: GPL-3.0-or-later
//
// The emulated phone: a QEMU machine without KVM that has a phone's screen, a finger, a USB smart card reader, an
// encrypted disk, a serial port for the kernel log and a port for the test images' shell.

using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace EmulatedPhone;

/// <summary>
/// A booting phone and everything a person can do to it. Every wait has an end; a wait that fails saves the screen and
/// the console under out/test-failures and says so. One thread uses it. Disposing pulls the plug.
/// </summary>
public sealed partial class Phone : IDisposable
{
    // An emulated phone is slow, and a test looks at its screen for as long as it takes: nobody is idle, unless a test says so.
    private const string NoIdleness =
        "unlock-agent.wipe-after=never unlock-agent.dim-after=never unlock-agent.dark-after=never unlock-agent.power-off-after=never";

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(20);

    private readonly PhoneOptions options;
    private readonly QemuProcess qemu;
    private readonly Qmp qmp;
    private readonly GuestShell shell;
    private readonly GuestTerminal? terminal;
    private readonly string pixmap = Path.GetTempFileName();

    private Phone(PhoneOptions options)
    {
        this.options = options;
        qemu = new QemuProcess();
        try
        {
            qemu.Start(Arguments(options));
            qmp = new Qmp(qemu.Accept("qmp", ConnectTimeout), ConnectTimeout);
            Console = new SerialConsole(qemu.Accept("console", ConnectTimeout));
            shell = new GuestShell(qemu.Accept("shell", ConnectTimeout));
            terminal = options.HasTerminal ? new GuestTerminal(qemu.Accept("terminal", ConnectTimeout)) : null;
            PowerOnTimestamp = Stopwatch.GetTimestamp();
            qmp.Execute("cont");
        }
        catch
        {
            qemu.Dispose();
            reader?.Dispose();
            readerPlace?.Dispose();
            throw;
        }
    }

    /// <summary>Everything that came from the first serial port.</summary>
    public SerialConsole Console { get; }

    /// <summary>The far end of the guest's hvc0.</summary>
    public GuestTerminal Terminal => terminal ?? throw new InvalidOperationException($"{options.Name} was switched on without a terminal");

    /// <summary>The screen's width in pixels.</summary>
    public int Width => options.Width;

    /// <summary>The screen's height in pixels.</summary>
    public int Height => options.Height;

    /// <summary>When the machine was switched on, on the clock of <see cref="Stopwatch.GetTimestamp"/>.</summary>
    public long PowerOnTimestamp { get; }

    /// <summary>Switches a phone on.</summary>
    /// <exception cref="PhoneException">QEMU does not start.</exception>
    public static Phone Boot(PhoneOptions options) => new(options);

    /// <summary>Waits for a line of the console.</summary>
    /// <exception cref="PhoneException">It did not come in time.</exception>
    public ConsoleLine WaitForConsole(Regex pattern, TimeSpan timeout, int from = 0) =>
        Console.WaitFor(pattern, timeout, from) ?? throw Failure($"no console line matches {pattern} within {timeout.TotalSeconds:0} s");

    /// <summary>Runs a line of shell inside the initramfs (or later, beside the opened system).</summary>
    /// <exception cref="PhoneException">It did not end in time.</exception>
    public GuestResult RunInGuest(string command, TimeSpan timeout)
    {
        try
        {
            return shell.Run(command, timeout);
        }
        catch (PhoneException failure)
        {
            throw Failure(failure.Message);
        }
    }

    /// <summary>Puts an executable file into the guest.</summary>
    public void SendFile(string path, byte[] content)
    {
        // One line of the shell at a time: a terminal's line would hold no more.
        const int BytesPerLine = 3000;
        RunInGuest($": >{path}; chmod 0755 {path}", StepTimeout);
        foreach (byte[] part in content.Chunk(BytesPerLine))
        {
            GuestResult sent = RunInGuest($"echo {Convert.ToBase64String(part)} | base64 -d >>{path}", StepTimeout);
            if (sent.Status != 0)
            {
                throw Failure($"{path} cannot be written in the guest: {sent.Output}");
            }
        }
    }

    /// <summary>Runs a guest command again and again until its output matches.</summary>
    /// <exception cref="PhoneException">It did not in time.</exception>
    public string WaitForGuest(string command, Regex pattern, TimeSpan timeout)
    {
        long start = Stopwatch.GetTimestamp();
        string output = "";
        do
        {
            output = RunInGuest(command, timeout).Output;
            if (pattern.IsMatch(output))
            {
                return output;
            }

            Thread.Sleep(200);
        }
        while (Stopwatch.GetElapsedTime(start) < timeout);
        throw Failure($"`{command}` in the guest does not print {pattern} within {timeout.TotalSeconds:0} s, but: {output}");
    }

    /// <summary>The guest's shell answers: init-premount has begun.</summary>
    /// <exception cref="PhoneException">It did not in time.</exception>
    public void WaitForShell(TimeSpan timeout) => RunInGuest("true", timeout);

    /// <summary>The shell that answered is gone; another one comes up, which is waited for.</summary>
    /// <exception cref="PhoneException">It did not in time.</exception>
    public void WaitForNextShell(TimeSpan timeout)
    {
        shell.ExpectAnother();
        WaitForShell(timeout);
    }

    /// <summary>The screen as it is now.</summary>
    public Picture Screenshot()
    {
        qmp.Execute("screendump", new JsonObject { ["filename"] = pixmap });
        return Picture.ParsePixmap(File.ReadAllBytes(pixmap));
    }

    /// <summary>Waits until the screen satisfies <paramref name="condition"/>, and returns that screen.</summary>
    /// <param name="what">Names the condition in the failure's message.</param>
    /// <exception cref="PhoneException">It did not in time.</exception>
    public Picture WaitForScreen(string what, Func<Picture, bool> condition, TimeSpan timeout) =>
        TryWaitForScreen(condition, timeout) ?? throw Failure($"the screen does not show {what} within {timeout.TotalSeconds:0} s");

    private Picture? TryWaitForScreen(Func<Picture, bool> condition, TimeSpan timeout)
    {
        long start = Stopwatch.GetTimestamp();
        do
        {
            Picture screen = Screenshot();
            if (condition(screen))
            {
                return screen;
            }

            Thread.Sleep(100);
        }
        while (Stopwatch.GetElapsedTime(start) < timeout);
        return null;
    }

    /// <summary>Waits until the machine does something by itself.</summary>
    /// <param name="name">QMP's name for it: "RESET", "SHUTDOWN".</param>
    /// <param name="timeout">For how long.</param>
    /// <returns>QMP's reason: "guest-reset", "guest-shutdown".</returns>
    /// <exception cref="PhoneException">It did not in time.</exception>
    public string WaitForEvent(string name, TimeSpan timeout)
    {
        long start = Stopwatch.GetTimestamp();
        do
        {
            if (qmp.FindEvent(name) is { } happened)
            {
                return (string?)happened["data"]?["reason"] ?? "";
            }

            Thread.Sleep(100);
        }
        while (Stopwatch.GetElapsedTime(start) < timeout);
        throw Failure($"the machine does not report {name} within {timeout.TotalSeconds:0} s");
    }

    /// <summary>A failure with the console's end in its message; the screen, the whole console and what runs in the guest are saved.</summary>
    public PhoneException Failure(string message)
    {
        string stem = Path.Combine(FailureFolder, $"{options.Name}-{DateTime.UtcNow:HHmmss}");
        File.WriteAllText(stem + ".console.txt", Console.Tail(int.MaxValue));
        File.WriteAllText(stem + ".guest.txt", AskGuest("ps; cat /run/unlock-agent/pcscd.log; for task in $(pidof unlock-agent | sed 's#[0-9]*#/proc/&/task/*#g'); do cat $task/comm $task/wchan $task/syscall; done; ls -l /proc/[0-9]*/fd"));
        string screen = "the screen could not be read";
        try
        {
            Screenshot().SavePng(stem + ".png");
            screen = $"the screen is in {stem}.png";
        }
        catch (PhoneException failure)
        {
            screen += $" ({failure.Message})";
        }

        return new PhoneException($"{options.Name}: {message}; {screen}; the console ends with:\n{Console.Tail(25)}");
    }

    private static string FailureFolder => Directory.CreateDirectory(Path.Combine(Repository.Out, "test-failures")).FullName;

    private string AskGuest(string command)
    {
        try
        {
            return shell.Run(command, TimeSpan.FromSeconds(10)).Output;
        }
        catch (PhoneException failure)
        {
            return failure.Message;
        }
    }

    public void Dispose()
    {
        qemu.Dispose();
        reader?.Dispose();
        readerPlace?.Dispose();
        qmp.Dispose();
        Console.Dispose();
        shell.Dispose();
        terminal?.Dispose();
        File.Delete(pixmap);
    }

    private List<string> Arguments(PhoneOptions phone)
    {
        // The text console is the screen, as on a phone; the serial port where there is none. The serial port gets the
        // kernel log, which holds the agent's too.
        string serial = $"console={phone.Architecture.SerialPort}";
        string consoles = phone.HasScreen ? serial + " console=tty0" : serial;
        string idleness = phone.MindsIdleness ? "" : NoIdleness;
        string commandLine = $"{consoles} root=/dev/mapper/{LuksDisk.MappingName} {idleness} {phone.ExtraCommandLine}";
        if (phone.Interactive)
        {
            // A window asks the guest for its own size, which starts as 640×480.
            commandLine += $" video=Virtual-1:{phone.Width}x{phone.Height}";
        }

        // One processor: with two, a kernel that patches its own code under emulation sometimes stops over its own int3.
        List<string> arguments =
        [
            .. phone.Architecture.Machine, "-name", phone.Name, "-nodefaults", "-no-user-config", "-S", "-accel", "tcg",
            "-smp", "1", "-m", "1024", "-rtc", "base=utc",

            // A phone that powers off stands still, so that it can still be asked what happened; so does one that reboots
            // when its next image is among what it wrote.
            "-action", "shutdown=pause", "-action", phone.KeepsWrites ? "reboot=shutdown" : "reboot=reset",
            "-kernel", phone.Kernel, "-initrd", phone.Initrd, "-append", commandLine,
            "-drive", $"file={phone.Disk},format=raw,if=none,id=disk,{(phone.KeepsWrites ? "cache=unsafe" : "snapshot=on")}", "-device", "virtio-blk-pci,drive=disk",
            "-device", "qemu-xhci,id=usb", "-display", phone.Interactive ? "gtk,zoom-to-fit=off" : "none",
            "-chardev", $"socket,id=qmp,path={qemu.Listen("qmp")}", "-mon", "chardev=qmp,mode=control",
            "-chardev", $"socket,id=console,path={qemu.Listen("console")}", "-serial", "chardev:console",
            "-chardev", $"socket,id=shell,path={qemu.Listen("shell")}", "-device", "virtio-serial-pci",
            "-device", "virtserialport,chardev=shell,name=test-shell",
        ];
        foreach (string more in phone.MoreDisks)
        {
            arguments.AddRange(["-drive", $"file={more},if=virtio,format=raw,cache=unsafe"]);
        }

        if (phone.HasTerminal)
        {
            arguments.AddRange(["-chardev", $"socket,id=terminal,path={qemu.Listen("terminal")}", "-device", "virtconsole,chardev=terminal"]);
        }

        if (phone.CountsInstructions)
        {
            arguments.AddRange(["-icount", "shift=0"]);
        }

        if (phone.HasScreen)
        {
            // Without an EDID it says no size in millimetres, as the pictures that it is compared with are drawn without one.
            arguments.AddRange(["-device", $"virtio-gpu-pci,xres={phone.Width},yres={phone.Height},edid={(phone.HasEdid ? "on" : "off")}"]);
        }

        if (phone.HasTouch)
        {
            arguments.AddRange(["-device", "usb-tablet,id=touch"]);
        }

        if (phone.Card is not null)
        {
            arguments.AddRange(AddReader(phone.Card));
        }

        arguments.AddRange(phone.MoreDevices);
        return arguments;
    }
}
