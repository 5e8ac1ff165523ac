// SPDX-License-Identifier: GPL-3.0-or-later
// Each wipe by itself: entries at every end, what was set aside, the stack below a call, and what the kernel is told.
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using CardUnlock;
using SkiaSharp;
using UnlockAgent.Machine;
using UnlockAgent.Native;
using UnlockAgent.Screen;
using UnlockAgent.Shell;

namespace UnlockAgent.Tests;

public sealed class WipeTests
{
    private const int Lock = 0x1F512, Key = 0x1F511;
    private const int StackBelow = 8192, Frame = 1024;

    [Theory]
    [InlineData((int)Effect.HandOverPassphrase)]
    [InlineData((int)Effect.HandOverKey)]
    [InlineData((int)Effect.HandOverReceived)]
    [InlineData((int)Effect.PowerOff)]
    [InlineData((int)Effect.Restart)]
    [InlineData((int)Effect.Wipe)]
    public void At_every_end_all_that_was_typed_is_wiped(int effect)
    {
        using var card = new CardThread(new KeySource(KeySource.None, device: null));
        using var errands = new Errands(card);
        Type(errands.Entries, "reset-code");
        errands.Entries.KeepResetCode();
        Type(errands.Entries, "new pin");
        errands.Entries.KeepNewPin();
        Type(errands.Entries, "more");
        SecretBuffer[] aside = [Aside(errands.Entries, "resetCode")!, Aside(errands.Entries, "newPin")!];
        Assert.All(aside, secret => Assert.True(secret.Length > 0));
        SecretBuffer? came = (Effect)effect is Effect.HandOverKey or Effect.HandOverReceived ? Made("key") : null;
        errands.CarryOut((Effect)effect, Screens.PinPad, came, character: 0);
        Assert.All(aside, secret => Assert.True(secret.IsClosed));
        using SecretBuffer rest = errands.Entries.Take();
        Assert.Equal(0, rest.Length);
        came?.Dispose();
    }

    [Fact]
    public void A_code_that_is_typed_anew_leaves_nothing_of_the_first()
    {
        using var entries = new Entries();
        Type(entries, "first code");
        entries.KeepResetCode();
        SecretBuffer first = Aside(entries, "resetCode")!;
        Type(entries, "second code");
        entries.KeepResetCode();
        Assert.True(first.IsClosed);
        Assert.False(Aside(entries, "resetCode")!.IsClosed);
    }

    [Fact]
    public void A_new_pin_that_is_forgotten_is_zeroed_with_what_was_typed_beside_it()
    {
        using var entries = new Entries();
        Type(entries, "new pin");
        entries.KeepNewPin();
        SecretBuffer pin = Aside(entries, "newPin")!;
        Type(entries, "new pim");
        entries.ForgetNewPin();
        Assert.True(pin.IsClosed);
        using SecretBuffer rest = entries.Take();
        Assert.Equal(0, rest.Length);
    }

    /// <summary>An image of the surface keeps its memory, and copies nothing where nobody draws.</summary>
    [Fact]
    public void The_picture_is_black_before_its_memory_goes_back()
    {
        var renderer = new PadRenderer(320, 240);
        renderer.Draw(Screens.PinPad);
        var surface = (SKSurface)typeof(PadRenderer).GetField("surface", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(renderer)!;
        using SKImage memory = surface.Snapshot();
        using SKPixmap pixels = memory.PeekPixels();
        Assert.True(renderer.Pixels.Overlaps(pixels.GetPixelSpan()));
        Assert.True(HasColour(pixels));
        renderer.Dispose();
        Assert.False(HasColour(pixels));
    }

    [Fact]
    public void No_character_stays_on_the_stack()
    {
        using var entries = new Entries();
        byte[] utf8 = Encoding.UTF8.GetBytes(char.ConvertFromUtf32(Lock));

        // Compiled before, so that no compiler's frames cover what is looked for.
        Deep(() => entries.Append(Key));
        Deep(() => Leave(utf8));
        _ = IsBelow(utf8);

        // The control: what is not wiped is found.
        Deep(() => Leave(utf8));
        Assert.True(IsBelow(utf8));
        Cover();
        Assert.False(IsBelow(utf8));
        Deep(() => entries.Append(Lock));
        Assert.False(IsBelow(utf8));
    }

    [Fact]
    public void No_passphrase_from_elsewhere_stays_on_the_stack()
    {
        byte[] passphrase = [.. Enumerable.Range(0, 64).Select(i => (byte)(i * 37))];
        _ = IsBelow(passphrase);
        for (int i = 0; i < 2; i++)
        {
            var (read, other) = Libc.NewPipe();
            using var remote = new RemotePassphrase(read);
            using var write = new FileStream(other, FileAccess.Write, bufferSize: 0);
            write.Write(passphrase);
            Cover();
            Deep(() => remote.TryRead());
            Assert.False(IsBelow(passphrase));
        }
    }

    /// <summary>As the kernel has it afterwards; what was so before is put back, for the other tests.</summary>
    [Fact]
    public void The_kernel_keeps_no_core_of_this_process_and_lets_no_other_look_into_it()
    {
        const int GetDumpable = 3, SetDumpable = 4;
        // Whoever ran a keyscript in this process before has forbidden them too.
        Assert.Equal(0, Prctl(SetDumpable, 1, 0, 0, 0));
        Assert.Equal(1, Prctl(GetDumpable, 0, 0, 0, 0));
        try
        {
            Libc.ForbidDumps();
            Assert.Equal(0, Prctl(GetDumpable, 0, 0, 0, 0));
        }
        finally
        {
            Assert.Equal(0, Prctl(SetDumpable, 1, 0, 0, 0));
        }

        string limit = File.ReadAllLines("/proc/self/limits").Single(line => line.StartsWith("Max core file size", StringComparison.Ordinal));
        Assert.Equal(["0", "0"], limit["Max core file size".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[..2]);
    }

    private static bool HasColour(SKPixmap pixels) => pixels.GetPixelSpan<uint>().ContainsAnyExcept((uint)SKColors.Black);

    private static SecretBuffer? Aside(Entries entries, string name) =>
        (SecretBuffer?)typeof(Entries).GetField(name, BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(entries);

    private static SecretBuffer Made(string text)
    {
        var secret = SecretBuffer.Allocate(64);
        secret.TryAppend(Encoding.ASCII.GetBytes(text));
        return secret;
    }

    private static void Type(Entries entries, string text)
    {
        foreach (char c in text)
        {
            entries.Append(c);
        }
    }

    /// <summary>Further down than the frame of <see cref="IsBelow"/> is long.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Deep(Action action)
    {
        Span<byte> frame = stackalloc byte[Frame];
        frame.Clear();
        action();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Leave(byte[] bytes)
    {
        Span<byte> copy = stackalloc byte[64];
        bytes.CopyTo(copy);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Cover()
    {
        Span<byte> below = stackalloc byte[StackBelow + Frame];
        below.Clear();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    [SkipLocalsInit]
    private static bool IsBelow(byte[] bytes)
    {
        Span<byte> below = stackalloc byte[StackBelow];
        return below.IndexOf(bytes) >= 0;
    }

    [DllImport("libc", EntryPoint = "prctl")]
    private static extern int Prctl(int option, nuint two, nuint three, nuint four, nuint five);
}
