// SPDX-License-Identifier: GPL-3.0-or-later
//
// The agent as it is built for the image, with a libSkiaSharp that was changed and a library of ours in place of libstdc++
// (initramfs-hooks/stand-ins/skia.c), by itself: it draws what NuGet's libSkiaSharp does with Debian's libstdc++.

using EmulatedPhone;
using UnlockAgent.Shell;

namespace Boot.Tests;

public sealed class ProgramTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly string folder = Directory.CreateTempSubdirectory("unlock-agent-program").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Every_screen_is_to_the_byte_what_Debians_libraries_draw()
    {
        string native = Path.Combine(folder, "native"), managed = Path.Combine(folder, "managed");
        HostCommand.Run([Path.Combine(Repository.Binaries, "unlock-agent"), "--preview", native], Patience);
        Preview.Parse([managed], out _)!.Write();
        string theirs = File.ReadLines("/proc/self/maps").First(line => line.EndsWith("/libSkiaSharp.so", StringComparison.Ordinal)).Split(' ')[^1];
        Assert.True(File.ReadAllBytes(theirs).AsSpan().IndexOf("libstdc++.so.6\0"u8) > 0);

        string[] names = [.. Directory.GetFiles(managed).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];
        Assert.NotEmpty(names);
        Assert.Equal(names, Directory.GetFiles(native).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
        Assert.All(names, name => Assert.Equal(File.ReadAllBytes(Path.Combine(managed, name)), File.ReadAllBytes(Path.Combine(native, name))));
    }

    [Fact]
    public void No_library_of_C_plus_plus_comes_with_it()
    {
        string libraries = HostCommand.Run(["ldd", Path.Combine(Repository.Binaries, "unlock-agent")], Patience);

        Assert.Contains($"libskiacxx.so => {Repository.Binaries}/libskiacxx.so ", libraries, StringComparison.Ordinal);
        Assert.DoesNotContain("libstdc++", libraries, StringComparison.Ordinal);
    }
}
