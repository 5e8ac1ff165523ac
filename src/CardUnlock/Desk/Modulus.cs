// SPDX-License-Identifier: GPL-3.0-or-later
// Arithmetic modulo an odd number, for encrypting: Montgomery's multiplication (CIOS) over limbs of 64 bits, in time that depends
// on the modulus alone. Written here for one reason: a library's numbers are managed arrays, and what is raised to a power is a
// session key or an ephemeral private key.

using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Org.BouncyCastle.Math;

namespace CardUnlock;

/// <summary>Residues are spans of <see cref="Limbs"/> limbs, least significant first, in Montgomery's form.</summary>
internal sealed class Modulus : IDisposable
{
    private const int LimbBytes = sizeof(ulong);

    private readonly ulong[] modulus;
    private readonly ulong[] square;
    private readonly ulong negativeInverse;
    private readonly SecretBuffer memory;
    private readonly int elements;

    /// <param name="modulus">Odd, big-endian; public.</param>
    /// <param name="elements">How many residues <see cref="Element"/> has room for.</param>
    public Modulus(ReadOnlySpan<byte> modulus, int elements)
    {
        Length = modulus.Length;
        Limbs = (modulus.Length + LimbBytes - 1) / LimbBytes;
        this.elements = elements;
        this.modulus = LimbsOf(modulus);
        var number = new BigInteger(1, modulus);
        square = LimbsOf(BigInteger.One.ShiftLeft(2 * 64 * Limbs).Mod(number).ToByteArrayUnsigned());
        negativeInverse = NegativeInverse(this.modulus[0]);
        int size = LimbBytes * ((Limbs * (elements + 2)) + 2);
        memory = SecretBuffer.Allocate(size);
        memory.Resize(size);
    }

    /// <summary>Limbs of a residue.</summary>
    public int Limbs { get; }

    /// <summary>Bytes of the modulus.</summary>
    public int Length { get; }

    private Span<ulong> Memory => MemoryMarshal.Cast<byte, ulong>(memory.Span);

    private Span<ulong> Product => Memory.Slice(elements * Limbs, Limbs + 2);

    private Span<ulong> Difference => Memory.Slice(((elements + 1) * Limbs) + 2, Limbs);

    /// <summary>A residue in locked memory, zero at first.</summary>
    public Span<ulong> Element(int index) => Memory.Slice(index * Limbs, Limbs);

    /// <summary>Takes a number of at most <see cref="Length"/> bytes, big-endian, that is less than the modulus.</summary>
    public void Read(ReadOnlySpan<byte> number, Span<ulong> to)
    {
        to.Clear();
        Span<byte> bytes = MemoryMarshal.AsBytes(to);
        for (int i = 0; i < number.Length; i++)
        {
            bytes[i] = number[^(i + 1)];
        }

        Multiply(to, square, to);
    }

    /// <summary>Gives the number, big-endian; <paramref name="to"/> has <see cref="Length"/> bytes.</summary>
    public void Write(ReadOnlySpan<ulong> residue, Span<byte> to)
    {
        // One, out of Montgomery's form.
        Span<ulong> plain = Difference;
        ReadOnlySpan<ulong> one = [1];
        MultiplyInto(residue, one, plain);
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(plain);
        for (int i = 0; i < to.Length; i++)
        {
            to[^(i + 1)] = bytes[i];
        }

        plain.Clear();
    }

    /// <summary>a · b; <paramref name="to"/> may be either.</summary>
    public void Multiply(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b, Span<ulong> to) => MultiplyInto(a, b, to);

    /// <summary>a + b; <paramref name="to"/> may be either.</summary>
    public void Add(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b, Span<ulong> to)
    {
        ulong carry = 0;
        Span<ulong> sum = Product;
        for (int i = 0; i < Limbs; i++)
        {
            UInt128 next = (UInt128)a[i] + b[i] + carry;
            sum[i] = (ulong)next;
            carry = (ulong)(next >> 64);
        }

        Reduce(sum[..Limbs], carry, to);
    }

    /// <summary>a − b; <paramref name="to"/> may be either.</summary>
    public void Subtract(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b, Span<ulong> to)
    {
        ulong borrow = 0;
        for (int i = 0; i < Limbs; i++)
        {
            UInt128 next = (UInt128)a[i] - b[i] - borrow;
            to[i] = (ulong)next;
            borrow = (ulong)(next >> 64) & 1;
        }

        ulong mask = 0 - borrow;
        ulong carry = 0;
        for (int i = 0; i < Limbs; i++)
        {
            UInt128 next = (UInt128)to[i] + (modulus[i] & mask) + carry;
            to[i] = (ulong)next;
            carry = (ulong)(next >> 64);
        }
    }

    /// <summary>Raises to a public power, big-endian and not 0; <paramref name="to"/> is not <paramref name="a"/>.</summary>
    public void Power(ReadOnlySpan<ulong> a, ReadOnlySpan<byte> exponent, Span<ulong> to)
    {
        exponent = exponent.TrimStart((byte)0);
        a.CopyTo(to);
        int bit = 6 - byte.LeadingZeroCount(exponent[0]);
        for (int i = 0; i < exponent.Length; i++, bit = 7)
        {
            for (; bit >= 0; bit--)
            {
                Multiply(to, to, to);
                if (((exponent[i] >> bit) & 1) != 0)
                {
                    Multiply(to, a, to);
                }
            }
        }
    }

    /// <summary>1/a modulo a prime, by Fermat; 0 of 0; <paramref name="to"/> is not <paramref name="a"/>.</summary>
    public void Invert(ReadOnlySpan<ulong> a, Span<ulong> to)
    {
        byte[] exponent = new byte[modulus.Length * LimbBytes];
        UInt128 borrow = 2;
        for (int i = 0; i < modulus.Length; i++)
        {
            UInt128 next = modulus[i] - borrow;
            BinaryPrimitives.WriteUInt64BigEndian(exponent.AsSpan(exponent.Length - ((i + 1) * LimbBytes)), (ulong)next);
            borrow = (next >> 64) & 1;
        }

        Power(a, exponent, to);
    }

    /// <summary>Exchanges two residues where <paramref name="condition"/> is 1, in the same time where it is 0.</summary>
    public static void Swap(ulong condition, Span<ulong> a, Span<ulong> b)
    {
        ulong mask = 0 - condition;
        for (int i = 0; i < a.Length; i++)
        {
            ulong difference = (a[i] ^ b[i]) & mask;
            a[i] ^= difference;
            b[i] ^= difference;
        }
    }

    public void Dispose() => memory.Dispose();

    private static ulong NegativeInverse(ulong odd)
    {
        // Newton's iteration doubles the right bits: 3, 6, 12, 24, 48, 96.
        ulong inverse = odd;
        for (int i = 0; i < 5; i++)
        {
            inverse *= 2 - (odd * inverse);
        }

        return 0 - inverse;
    }

    private ulong[] LimbsOf(ReadOnlySpan<byte> number)
    {
        var limbs = new ulong[Limbs];
        for (int i = 0; i < number.Length; i++)
        {
            limbs[i / LimbBytes] |= (ulong)number[^(i + 1)] << (8 * (i % LimbBytes));
        }

        return limbs;
    }

    // A factor may be shorter than the modulus.
    private void MultiplyInto(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b, Span<ulong> to)
    {
        Span<ulong> t = Product;
        t.Clear();
        for (int i = 0; i < Limbs; i++)
        {
            AddMultiple(t, a, i < b.Length ? b[i] : 0, 0);
            AddMultiple(t, modulus, t[0] * negativeInverse, 1);
            t[Limbs + 1] = 0;
        }

        Reduce(t[..Limbs], t[Limbs], to);
    }

    // t += a · factor, moved down by a limb where shift is 1: the lowest one is 0 then.
    private void AddMultiple(Span<ulong> t, ReadOnlySpan<ulong> a, ulong factor, int shift)
    {
        ulong carry = 0;
        for (int j = 0; j < Limbs; j++)
        {
            UInt128 next = Math.BigMul(a[j], factor) + t[j] + carry;
            if (j >= shift)
            {
                t[j - shift] = (ulong)next;
            }

            carry = (ulong)(next >> 64);
        }

        UInt128 top = (UInt128)t[Limbs] + carry;
        t[Limbs - shift] = (ulong)top;
        t[Limbs + 1 - shift] = t[Limbs + 1] + (ulong)(top >> 64);
    }

    // Of a number below twice the modulus.
    private void Reduce(ReadOnlySpan<ulong> number, ulong carry, Span<ulong> to)
    {
        Span<ulong> reduced = Difference;
        ulong borrow = 0;
        for (int i = 0; i < Limbs; i++)
        {
            UInt128 next = (UInt128)number[i] - modulus[i] - borrow;
            reduced[i] = (ulong)next;
            borrow = (ulong)(next >> 64) & 1;
        }

        ulong keep = 0 - (borrow & (carry ^ 1));
        for (int i = 0; i < Limbs; i++)
        {
            to[i] = (number[i] & keep) | (reduced[i] & ~keep);
        }
    }
}
