// SPDX-License-Identifier: GPL-3.0-or-later
// Pages for secrets, locked and left out of core dumps. To map, lock and unmap one takes longer than most of what is done in it:
// single ones are had from the kernel together, before a PIN is typed, and stay locked from secret to secret.

using System.Security.Cryptography;
using CardUnlock.Native;

namespace CardUnlock;

/// <summary>Lends zeroed pages of locked memory, each to one owner at a time. Safe to use from any thread.</summary>
/// <param name="map">Has the kernel give and lock that many bytes, or throws: <see cref="Map"/>.</param>
internal sealed class LockedPages(Func<nuint, nint> map)
{
    // What one unlock uses at once, so that none has to be asked for between the PIN and the key.
    private const int PagesAtOnce = 16;

    private readonly Lock gate = new();
    private readonly Stack<nint> free = new(PagesAtOnce);

    /// <summary>Where every <see cref="SecretBuffer"/> has its page from.</summary>
    public static LockedPages Shared { get; } = new(Map);

    /// <summary>Bytes in a page.</summary>
    public static int Size { get; } = Environment.SystemPageSize;

    /// <summary>A page that nobody has; zero.</summary>
    /// <exception cref="SecretMemoryException">The kernel gave no memory or would not lock it.</exception>
    public nint Take()
    {
        lock (gate)
        {
            if (free.Count == 0)
            {
                Grow();
            }

            return free.Pop();
        }
    }

    /// <summary>Zeroes a page that was taken, and keeps it for the next one.</summary>
    public unsafe void GiveBack(nint page)
    {
        CryptographicOperations.ZeroMemory(new Span<byte>((void*)page, Size));
        lock (gate)
        {
            free.Push(page);
        }
    }

    /// <summary>Memory of its own, for what is longer than a page.</summary>
    /// <param name="size">A multiple of the page size.</param>
    /// <exception cref="SecretMemoryException">The kernel gave no memory or would not lock it.</exception>
    public static nint Map(nuint size)
    {
        nint pages = Libc.mmap(0, size, Libc.PROT_READ | Libc.PROT_WRITE, Libc.MAP_PRIVATE | Libc.MAP_ANONYMOUS, -1, 0);
        if (pages == Libc.MAP_FAILED)
        {
            throw new SecretMemoryException("mmap", Libc.LastError);
        }

        string failed = Libc.mlock(pages, size) != 0 ? "mlock"
            : Libc.madvise(pages, size, Libc.MADV_DONTDUMP) != 0 ? "madvise"
            : "";
        if (failed.Length > 0)
        {
            int errno = Libc.LastError;
            _ = Libc.munmap(pages, size);
            throw new SecretMemoryException(failed, errno);
        }

        return pages;
    }

    // Without root little may be locked (RLIMIT_MEMLOCK): what is no room for all of them may be one for the one that is wanted.
    private void Grow()
    {
        int count = PagesAtOnce;
        nint pages;
        try
        {
            pages = map((nuint)(count * Size));
        }
        catch (SecretMemoryException)
        {
            count = 1;
            pages = map((nuint)Size);
        }

        for (int i = count - 1; i >= 0; i--)
        {
            free.Push(pages + (i * Size));
        }
    }
}
