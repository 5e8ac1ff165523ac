// SPDX-License-Identifier: GPL-3.0-or-later
// A screen in memory that can be replaced.
using System.Runtime.InteropServices;
using Framebuffer;
using Microsoft.Win32.SafeHandles;
using UnlockAgent.Native;

namespace UnlockAgent.Tests;

internal sealed class MemoryScreen(int width, int height) : IReplaceableTarget
{
    private readonly byte[] shown = new byte[width * height * 4];
    private SafeFileHandle? changes;

    public int Width => width;

    public int Height => height;

    public SafeHandle ChangeHandle => changes ??= Libc.NewEventFd();

    public bool IsGone { get; private set; }

    public bool IsBlack
    {
        get
        {
            for (int i = 0; i < shown.Length; i++)
            {
                if (i % 4 != 3 && shown[i] != 0)
                {
                    return false;
                }
            }

            return true;
        }
    }

    public byte[] Copy() => [.. shown];

    public void GoAway()
    {
        IsGone = true;
        using var borrowed = new SafeFileHandle(ChangeHandle.DangerousGetHandle(), ownsHandle: false);
        using var stream = new FileStream(borrowed, FileAccess.Write, bufferSize: 0);
        stream.Write(BitConverter.GetBytes(1UL));
    }

    public void Present(ReadOnlySpan<byte> bgrx, int stride, Area damage)
    {
        var area = damage.Clip(Width, Height);
        for (int y = area.Top; y < area.Bottom; y++)
        {
            var row = bgrx.Slice((y * stride) + (area.Left * 4), (area.Right - area.Left) * 4);
            row.CopyTo(shown.AsSpan((y * Width * 4) + (area.Left * 4)));
        }
    }

    public void Dispose()
    {
        changes?.Dispose();
        changes = null;
    }
}
