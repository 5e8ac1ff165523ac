// SPDX-License-Identifier: GPL-3.0-or-later
// Every usable device of /dev/input, and those that appear later (inotify(7)).

using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Input.Native;
using Microsoft.Win32.SafeHandles;

namespace Input;

/// <summary>
/// The open input devices. Each is grabbed, so that nobody else sees what is typed. Only the state of the current
/// contacts and keys is held; what was read is wiped once it has been told.
/// </summary>
public sealed class InputDevices : IDisposable
{
    private const string DefaultDirectory = "/dev/input", Classes = "/sys/class/input";

    // 64 events are a dozen frames of a busy touchscreen; more wait for the next call, after the other devices' turn.
    private readonly input_event[] events = GC.AllocateArray<input_event>(64, pinned: true);
    private readonly List<EvdevDevice> devices = [];
    private readonly LastMoves moves = new();
    private readonly DeviceDirectory directory;
    private readonly ScreenMap screen;
    private readonly string? classes;
    private readonly Func<string, SafeFileHandle> openSlowly;

    // Nodes that are being opened; true where something happened to one since, which may let it open a second time.
    private readonly Dictionary<string, bool> pending = [];
    private readonly LateOpening? late = LateOpening.TryCreate();
    private SafeHandle[] pollHandles = [];
    private int nextPointer;
    private bool capsLock;

    private InputDevices(DeviceDirectory directory, ScreenMap screen, string? classes, Func<string, SafeFileHandle> openSlowly)
    {
        (this.directory, this.screen, this.classes, this.openSlowly) = (directory, screen, classes, openSlowly);
        Cursor = new Cursor(screen.PictureWidth, screen.PictureHeight);
    }

    /// <summary>How many devices are open now.</summary>
    public int Count => devices.Count;

    /// <summary>
    /// What to poll for reading: the directory's watch first, then the devices and what tells of more. A new list each time devices come or
    /// go, so take it anew before each poll. The handles stay owned by this object.
    /// </summary>
    public IReadOnlyList<SafeHandle> PollHandles => pollHandles;

    /// <summary>What every mouse moves.</summary>
    internal Cursor Cursor { get; }

    /// <summary>
    /// Watches for devices, and begins to open those that open slowly: what hangs on USB. They come through <see cref="Dispatch"/>. A
    /// directory that does not exist yet is waited for.
    /// </summary>
    /// <param name="screenWidth">The panel's own width in pixels, at least 1.</param>
    /// <param name="screenHeight">The panel's own height in pixels, at least 1.</param>
    /// <param name="quarterTurns">How far the picture is turned clockwise on the panel, 0 to 3 times 90 degrees.</param>
    /// <param name="directory">Where the eventN nodes are.</param>
    /// <exception cref="InputException">Nothing can be watched.</exception>
    public static InputDevices Begin(
        int screenWidth, int screenHeight, int quarterTurns = 0, string directory = DefaultDirectory) =>
        Begin(
            new ScreenMap(screenWidth, screenHeight, quarterTurns),
            directory,
            directory == DefaultDirectory ? Classes : null,
            EvdevDevice.Open);

    /// <summary>The same for a directory whose devices sysfs has elsewhere.</summary>
    /// <param name="classes">Where sysfs has a link for each node, whose target says what it hangs on; null: nobody says that.</param>
    /// <param name="openSlowly">Opens a node of a device on USB, in a thread of its own.</param>
    [SuppressMessage("Reliability", "CA2000", Justification = "The directory's watch is owned by what is returned.")]
    internal static InputDevices Begin(ScreenMap screen, string directory, string? classes, Func<string, SafeFileHandle> openSlowly)
    {
        var all = new InputDevices(DeviceDirectory.Watch(directory), screen, classes, openSlowly);
        all.OpenAll(all.IsOnUsb);
        return all;
    }

    /// <summary>Opens every usable device that is not being opened yet.</summary>
    public void OpenRest() => OpenAll(name => !pending.ContainsKey(name));

    /// <summary>
    /// Reads what one handle has and tells the sink; never blocks, and reads a bounded amount. Of a contact's movements
    /// in a row, and the cursor's, only the last is told. Whoever dispatches each ready handle once before polling again
    /// lets every device have its turn, however fast another one sends.
    /// </summary>
    /// <param name="ready">One of <see cref="PollHandles"/>; one that has gone meanwhile is ignored.</param>
    /// <param name="sink">Told of contacts, keys and the cursor.</param>
    public void Dispatch(SafeHandle ready, IInputSink sink)
    {
        IInputSink receiver = moves.For(sink);
        if (ready == directory.Handle)
        {
            ReadDirectory(receiver);
        }
        else if (ready == late?.Handle)
        {
            TakeOpened();
        }
        else if (Find(ready) is { } device)
        {
            ReadDevice(device, receiver);
        }

        moves.Flush();
    }

    /// <summary>Lights the caps lock lights of all keyboards, and of those that come later, or puts them out.</summary>
    public void ShowCapsLock(bool isOn)
    {
        if (capsLock != isOn)
        {
            capsLock = isOn;
            devices.ForEach(device => device.ShowCapsLock(isOn));
        }
    }

    /// <summary>Ends every contact and every key, for whoever closes the devices and goes on with others.</summary>
    public void Release(IInputSink sink) => devices.ForEach(device => device.Release(sink));

    /// <summary>Forgets everything and closes every device; contacts and keys end untold.</summary>
    public void Dispose()
    {
        ShowCapsLock(false);
        devices.ForEach(device => device.Dispose());
        devices.Clear();
        Cursor.Wipe();
        pollHandles = [];
        pending.Clear();
        late?.Dispose();
        directory.Dispose();
    }

    // By itself: what it allocates would otherwise be allocated for each dispatch of a device too.
    private void ReadDirectory(IInputSink sink) => directory.Read(change => Apply(change, sink));

    private EvdevDevice? Find(SafeHandle handle)
    {
        foreach (EvdevDevice device in devices)
        {
            if (device.Handle == handle)
            {
                return device;
            }
        }

        return null;
    }

    private void ReadDevice(EvdevDevice device, IInputSink sink)
    {
        try
        {
            if (!device.Read(events, sink))
            {
                Close(device, sink);
            }
        }
        finally
        {
            Array.Clear(events);
        }
    }

    private void Apply(DirectoryChange change, IInputSink sink)
    {
        EvdevDevice? open = devices.Find(device => device.Name == change.Name);
        switch (change.Kind)
        {
            case DirectoryChangeKind.Deleted when open is not null:
                Close(open, sink);
                break;
            case DirectoryChangeKind.Appeared when open is not { IsPresent: true }:
                if (open is not null)
                {
                    Close(open, sink);
                }

                Add(change.Name);
                break;
            case DirectoryChangeKind.Rescan:
                devices.FindAll(device => !device.IsPresent).ForEach(device => Close(device, sink));
                OpenAll(static _ => true);
                break;
            default:
                break;
        }
    }

    private void OpenAll(Func<string, bool> isWanted)
    {
        foreach (string name in directory.List().Where(isWanted))
        {
            if (!devices.Exists(device => device.Name == name))
            {
                Add(name);
            }
        }

        RebuildPollHandles();
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The list owns what it holds; Close and Dispose end it.")]
    private void Add(string name)
    {
        if (pending.ContainsKey(name))
        {
            pending[name] = true;
            return;
        }

        string path = directory.PathOf(name);
        int firstPointer = nextPointer;
        nextPointer = unchecked(nextPointer + EvdevQueries.MaxSlots) & int.MaxValue;
        EvdevDevice? Hold(SafeFileHandle node) => EvdevDevice.TryHold(node, name, screen, Cursor, firstPointer);
        if (IsOnUsb(name) && late?.TryBegin(name, () => openSlowly(path), Hold) == true)
        {
            pending[name] = false;
            RebuildPollHandles();
        }
        else if (Hold(EvdevDevice.Open(path)) is { } device)
        {
            Adopt(device);
        }
    }

    private bool IsOnUsb(string name) =>
        classes is not null && new FileInfo(Path.Join(classes, name)).LinkTarget?.Contains("/usb", StringComparison.Ordinal) == true;

    private void TakeOpened()
    {
        late!.Acknowledge();
        while (late.TryTake(out var opened))
        {
            pending.Remove(opened.Name, out bool hasChanged);
            if (opened.Device is not null)
            {
                Adopt(opened.Device);
            }
            else if (hasChanged)
            {
                Add(opened.Name);
            }
        }

        RebuildPollHandles();
    }

    /// <summary>Takes an open device in; owned from here on.</summary>
    internal void Adopt(EvdevDevice device)
    {
        devices.Add(device);
        RebuildPollHandles();
        if (capsLock)
        {
            device.ShowCapsLock(true);
        }
    }

    private void Close(EvdevDevice device, IInputSink sink)
    {
        devices.Remove(device);
        RebuildPollHandles();
        device.Release(sink);
        device.Dispose();
        if (device.IsMouse)
        {
            Cursor.Hide(sink);
        }
    }

    private void RebuildPollHandles() => pollHandles =
        [directory.Handle, .. devices.Select(device => device.Handle), .. (SafeHandle[])(pending.Count > 0 ? [late!.Handle] : [])];
}
