// SPDX-License-Identifier: GPL-3.0-or-later
// A screen whose panel is built in sideways or upside down, shown upright. It keeps the panel's picture: 4 bytes per
// pixel, of which only what is damaged is ever turned anew, and only what then differs is written: sideways, what is wide
// and low for a person is many short rows of the panel, and each of them a write(2).

using System.Runtime.InteropServices;

namespace Framebuffer;

/// <summary>Turns frames for a panel.</summary>
public sealed class TurnedTarget : IFrameTarget
{
    private readonly IFrameTarget panel;
    private readonly Rotation rotation;
    private readonly byte[] turned;
    private bool isShown;

    /// <param name="panel">The panel; owned from here on.</param>
    /// <param name="rotation">How the picture is turned on it.</param>
    public TurnedTarget(IFrameTarget panel, Rotation rotation)
    {
        this.panel = panel;
        this.rotation = rotation;

        // Pinned, so that the collector leaves no copy of a picture of the PIN pad elsewhere.
        turned = GC.AllocateArray<byte>(rotation == Rotation.None ? 0 : panel.Width * panel.Height * 4, pinned: true);
    }

    /// <inheritdoc/>
    public int Width => rotation.IsSideways() ? panel.Height : panel.Width;

    /// <inheritdoc/>
    public int Height => rotation.IsSideways() ? panel.Width : panel.Height;

    /// <inheritdoc/>
    public void Present(ReadOnlySpan<byte> bgrx, int stride, Area damage)
    {
        Area area = damage.Clip(Width, Height);
        if (area.IsEmpty)
        {
            return;
        }

        if (rotation == Rotation.None)
        {
            panel.Present(bgrx, stride, area);
            return;
        }

        ReadOnlySpan<uint> source = MemoryMarshal.Cast<byte, uint>(bgrx);
        Area changed = TurnKernels.Turn(
            rotation, source, stride / 4, area, MemoryMarshal.Cast<byte, uint>(turned.AsSpan()), Width, Height);

        // Until a whole frame was written, the panel shows something else than what is kept here.
        changed = isShown ? changed : area;
        isShown |= area == new Area(0, 0, Width, Height);
        if (!changed.IsEmpty)
        {
            panel.Present(turned, panel.Width * 4, changed.Turn(rotation, Width, Height));
        }
    }

    /// <summary>Wipes the turned picture and closes the panel.</summary>
    public void Dispose()
    {
        Array.Clear(turned);
        panel.Dispose();
    }
}
