// SPDX-License-Identifier: GPL-3.0-or-later
// What goes to devices and not from them: the caps lock light and the vibration motor. A FIFO opened for both takes what
// is written and gives it back.

using System.Runtime.InteropServices;
using Input.Native;
using Microsoft.Win32.SafeHandles;

namespace Input.Tests;

public sealed class OutputTests : IDisposable
{
    private readonly DirectoryInfo parent = Directory.CreateTempSubdirectory("input-tests-");

    public void Dispose() => parent.Delete(recursive: true);

    [Fact]
    public void Caps_lock_lights_keyboards_that_are_there_and_that_come_and_goes_out_at_the_end()
    {
        using SafeFileHandle early = Echo("early");
        using SafeFileHandle late = Echo("late");
        using (InputDevices devices = AllDevices.Of(parent.FullName))
        {
            devices.Adopt(new EvdevDevice("event0", Same(early), null));
            Assert.Equal("", Written(early));
            devices.ShowCapsLock(true);
            devices.ShowCapsLock(true);
            Assert.Equal("17 1 1, 0 0 0", Written(early));
            devices.Adopt(new EvdevDevice("event1", Same(late), null));
            Assert.Equal("17 1 1, 0 0 0", Written(late));
        }

        Assert.Equal("17 1 0, 0 0 0", Written(early));
        Assert.Equal("17 1 0, 0 0 0", Written(late));
    }

    [Fact]
    public void A_light_that_was_never_lit_is_left_alone()
    {
        using SafeFileHandle keyboard = Echo("keyboard");
        using (InputDevices devices = AllDevices.Of(parent.FullName))
        {
            devices.Adopt(new EvdevDevice("event0", Same(keyboard), null));
        }

        Assert.Equal("", Written(keyboard));
    }

    [Theory]
    [InlineData(20, 100, 20, 65535)]
    [InlineData(1000, 50, 1000, 32767)]
    [InlineData(0, 0, 1, 655)]
    [InlineData(70_000, 400, 32767, 65535)]
    public void A_rumble_says_how_long_and_how_strong(int milliseconds, int percent, ushort length, ushort magnitude)
    {
        ff_effect made = Vibrator.Rumble(3, milliseconds, percent);
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<ff_effect>(ref made));
        Assert.Equal((ForceFeedback.FF_RUMBLE, (short)3, length), (made.type, made.id, made.replay.length));
        Assert.Equal(magnitude, MemoryMarshal.Read<ushort>(bytes[16..]));
        Assert.Equal(magnitude, MemoryMarshal.Read<ushort>(bytes[18..]));
        Assert.Equal(-1, bytes[20..].IndexOfAnyExcept((byte)0));
    }

    [Theory]
    [InlineData("0", 80, false)]
    [InlineData("10000 0", 80, true)]
    [InlineData("107030000 0\n", 80, true)]
    [InlineData("107020000 0\n", 80, false)]
    [InlineData("10000", 16, true)]
    [InlineData("10000 0", 16, false)]
    [InlineData("1 10000 0", 80, true)]
    [InlineData("no bitmap", 0, false)]
    [InlineData("", 0, false)]
    public void A_bitmap_is_read_from_its_end(string bitmap, int bit, bool isSet) => Assert.Equal(isSet, Vibrator.HasBit(bitmap, bit));

    [Fact]
    public void Where_nothing_can_rumble_asking_does_nothing_and_never_blocks()
    {
        using (SafeFileHandle fifo = Echo("event0"))
        {
            Directory.CreateDirectory(Path.Join(parent.FullName, "event1"));
            File.WriteAllText(Path.Join(parent.FullName, "event2"), "text");
            foreach (string directory in (string[])[parent.FullName, Path.Join(parent.FullName, "none")])
            {
                using var vibrator = new Vibrator(directory, Path.Join(parent.FullName, "classes"));
                for (int i = 0; i < 20; i++)
                {
                    vibrator.Vibrate(20);
                }
            }

            Assert.Equal("", Written(fifo));
        }
    }

    private static string Written(SafeFileHandle device)
    {
        Span<input_event> events = stackalloc input_event[16];
        int bytes = Libc.Read(device, MemoryMarshal.AsBytes(events));
        return string.Join(", ", events[..(Math.Max(bytes, 0) / 24)].ToArray().Select(e => $"{e.type} {e.code} {e.value}"));
    }

    /// <summary>The same open file, for a device to own.</summary>
    private static SafeFileHandle Same(SafeFileHandle device) =>
        Libc.Open($"/proc/self/fd/{device.DangerousGetHandle()}", Libc.O_RDWR | Libc.O_NONBLOCK);

    private SafeFileHandle Echo(string name)
    {
        string path = Path.Join(parent.FullName, name);
        Fifo.Make(path);
        return Libc.Open(path, Libc.O_RDWR | Libc.O_NONBLOCK);
    }
}
