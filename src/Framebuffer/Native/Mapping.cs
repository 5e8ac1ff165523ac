// SPDX-License-Identifier: GPL-3.0-or-later
// mmap(2): a device's memory as a span.

using Microsoft.Win32.SafeHandles;

namespace Framebuffer.Native;

internal sealed unsafe class Mapping : SafeHandleMinusOneIsInvalid
{
    private int length;

    public Mapping()
        : base(ownsHandle: true)
    {
    }

    /// <summary>The memory; empty once it is unmapped.</summary>
    internal Span<byte> Bytes => IsInvalid || IsClosed ? default : new Span<byte>((void*)handle, length);

    /// <summary>Maps a device's memory, shared; an invalid handle leaves the reason in <see cref="Libc.Errno"/>.</summary>
    internal static Mapping Map(SafeFileHandle device, long offset, int length)
    {
        Mapping mapping = Libc.Map(null, (nuint)length, Libc.PROT_READ | Libc.PROT_WRITE, Libc.MAP_SHARED, device, offset);
        mapping.length = length;
        return mapping;
    }

    protected override bool ReleaseHandle() => Libc.Unmap((void*)handle, (nuint)length) == 0;
}
