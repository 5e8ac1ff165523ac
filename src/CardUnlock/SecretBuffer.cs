// SPDX-License-Identifier: GPL-3.0-or-later
// The one owner of secret bytes: anonymous pages that nobody else has, locked in memory, left out of core dumps, zeroed before
// they go back. Sizes in bytes; a capacity is rounded up to whole pages and never grows.

using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CardUnlock.Native;

namespace CardUnlock;

/// <summary>
/// A secret of up to <see cref="Capacity"/> bytes in locked memory. Whoever receives one disposes it; <see
/// cref="Span"/>
/// lends it, <see cref="Move"/> gives it away. Not for use by two threads at once.
/// </summary>
[SuppressMessage("Design", "CA1419", Justification = "Never made by the marshaller: a buffer without pages has no meaning.")]
public sealed class SecretBuffer : SafeHandle
{
    private SecretBuffer(nint pages, int capacity) : base(0, ownsHandle: true)
    {
        SetHandle(pages);
        Capacity = capacity;
    }

    /// <summary>The most bytes it can hold.</summary>
    public int Capacity { get; private set; }

    /// <summary>The bytes in use.</summary>
    public int Length { get; private set; }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>The bytes in use. Valid until the buffer is disposed or moved.</summary>
    /// <exception cref="ObjectDisposedException">The buffer was disposed or moved.</exception>
    public Span<byte> Span => Pages()[..Length];

    /// <summary>Makes an empty buffer for <paramref name="capacity"/> bytes (at least 1).</summary>
    /// <exception cref="SecretMemoryException">The kernel gave no page or would not lock it
    /// (RLIMIT_MEMLOCK).</exception>
    public static SecretBuffer Allocate(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        return new SecretBuffer(capacity <= LockedPages.Size ? LockedPages.Shared.Take() : LockedPages.Map(MappedSize(capacity)), capacity);
    }

    /// <summary>Adds <paramref name="bytes"/> at the end, all of them or (when they do not fit) none.</summary>
    public bool TryAppend(ReadOnlySpan<byte> bytes)
    {
        Span<byte> pages = Pages();
        if (bytes.Length > Capacity - Length)
        {
            return false;
        }

        bytes.CopyTo(pages[Length..]);
        Length += bytes.Length;
        return true;
    }

    /// <summary>
    /// Keeps the first <paramref name="length"/> bytes (0 to <see cref="Length"/>) and zeroes the rest.
    /// </summary>
    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)Length, nameof(length));
        CryptographicOperations.ZeroMemory(Pages()[length..Length]);
        Length = length;
    }

    /// <summary>Zeroes and drops every byte.</summary>
    public void Clear() => Truncate(0);

    /// <summary>Hands the pages to a new owner; this buffer is closed and empty from here on.</summary>
    public SecretBuffer Move()
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        var owner = new SecretBuffer(handle, Capacity) { Length = Length };
        SetHandleAsInvalid();
        Length = 0;
        return owner;
    }

    /// <summary>
    /// Sets the length to 0..Capacity and returns those bytes: what is dropped is zeroed, what is added reads zero.
    /// </summary>
    internal Span<byte> Resize(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)Capacity, nameof(length));
        if (length < Length)
        {
            Truncate(length);
        }

        Length = length;
        return Span;
    }

    /// <inheritdoc/>
    protected override unsafe bool ReleaseHandle()
    {
        if (Capacity <= LockedPages.Size)
        {
            LockedPages.Shared.GiveBack(handle);
            return true;
        }

        CryptographicOperations.ZeroMemory(new Span<byte>((void*)handle, Capacity));
        return Libc.munmap(handle, MappedSize(Capacity)) == 0;
    }

    private static nuint MappedSize(int capacity) =>
        (nuint)(((long)capacity + LockedPages.Size - 1) / LockedPages.Size * LockedPages.Size);

    private unsafe Span<byte> Pages()
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        return new Span<byte>((void*)handle, Capacity);
    }
}

/// <summary>The kernel refused memory that is safe for a secret.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Made only where a call failed: operation and code are always known.")]
public sealed class SecretMemoryException : Exception
{
    internal SecretMemoryException(string operation, int errno)
        : base($"No locked memory for a secret: {operation} failed with errno {errno}.")
    {
        Operation = operation;
        Errno = errno;
    }

    /// <summary>The system call.</summary>
    public string Operation { get; }

    /// <summary>Its errno.</summary>
    public int Errno { get; }
}
