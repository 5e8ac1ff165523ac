// SPDX-License-Identifier: GPL-3.0-or-later
// Every usable device of /dev/input, and those that appear later (inotify(7)).

using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Input.Native;

namespace Input;

/// <summary>
/// The open input devices. Each is grabbed, so that nobody else sees what is typed. Only the state of the current
/// contacts and keys is held; what was read is wiped once it has been told.
/// </summary>
public sealed class InputDevices : IDisposable
{
    // 64 events are a dozen frames of a busy touchscreen; more wait for the next call, after the other devices' turn.
    private readonly input_event[] events = GC.AllocateArray<input_event>(64, pinned: true);
    private readonly List<EvdevDevice> devices = [];
    private readonly LastMoves moves = new();
    private readonly DeviceDirectory directory;
    private readonly ScreenMap screen;
    private SafeHandle[] pollHandles = [];
    private int nextPointer;
    private bool capsLock;

    private InputDevices(DeviceDirectory directory, ScreenMap screen)
    {
        this.directory = directory;
        this.screen = screen;
        Cursor = new Cursor(screen.PictureWidth, screen.PictureHeight);
    }

    /// <summary>How many devices are open now.</summary>
    public int Count => devices.Count;

    /// <summary>
    /// What to poll for reading: the directory's watch first, then the devices. A new list each time devices come or
    /// go, so take it anew before each poll. The handles stay owned by this object.
    /// </summary>
    public IReadOnlyList<SafeHandle> PollHandles => pollHandles;

    /// <summary>What every mouse moves.</summary>
    internal Cursor Cursor { get; }

    /// <summary>
    /// Opens every usable device and watches for more. A directory that does not exist yet is waited for.
    /// </summary>
    /// <param name="screenWidth">The panel's own width in pixels, at least 1.</param>
    /// <param name="screenHeight">The panel's own height in pixels, at least 1.</param>
    /// <param name="quarterTurns">How far the picture is turned clockwise on the panel, 0 to 3 times 90 degrees.</param>
    /// <param name="directory">Where the eventN nodes are.</param>
    /// <exception cref="InputException">Nothing can be watched.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "The directory's watch is owned by what is returned.")]
    public static InputDevices Open(
        int screenWidth, int screenHeight, int quarterTurns = 0, string directory = "/dev/input")
    {
        var screen = new ScreenMap(screenWidth, screenHeight, quarterTurns);
        var all = new InputDevices(DeviceDirectory.Watch(directory), screen);
        all.OpenAll();
        return all;
    }

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
            case DirectoryChangeKind.Appeared when open is null:
                Add(change.Name);
                break;
            case DirectoryChangeKind.Rescan:
                devices.FindAll(device => !device.IsPresent).ForEach(device => Close(device, sink));
                OpenAll();
                break;
            default:
                break;
        }
    }

    private void OpenAll()
    {
        foreach (string name in directory.List())
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
        if (EvdevDevice.TryOpen(directory.PathOf(name), name, screen, Cursor, nextPointer) is { } device)
        {
            nextPointer = unchecked(nextPointer + EvdevQueries.MaxSlots) & int.MaxValue;
            Adopt(device);
        }
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

    private void RebuildPollHandles() => pollHandles = [directory.Handle, .. devices.Select(device => device.Handle)];
}
