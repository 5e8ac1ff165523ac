// SPDX-License-Identifier: GPL-3.0-or-later
// X25519 and X448 (RFC 7748 section 5): the ladder over u alone. Numbers outside are little-endian, 32 or 56 bytes.

namespace CardUnlock;

/// <summary>One of the two curves' arithmetic in locked memory.</summary>
internal sealed class MontgomeryCurve : IEphemeralCurve
{
    private const int X1 = 0;
    private const int X2 = 1;
    private const int Z2 = 2;
    private const int X3 = 3;
    private const int Z3 = 4;
    private const int A24 = 5;
    private const int Scratch = 6;
    private const int Elements = Scratch + 4;

    private readonly bool is448;
    private readonly int length;
    private readonly Modulus field;

    public MontgomeryCurve(Curve curve)
    {
        is448 = curve == Curve.X448;
        length = curve.FieldLength;
        field = new Modulus(Prime(is448), Elements);
        field.Read(is448 ? [0x98, 0xA9] : [0x01, 0xDB, 0x41], field.Element(A24));
    }

    /// <summary>Not one of the few points whose multiples are all zero for every private key (section 6).</summary>
    public bool Takes(ReadOnlySpan<byte> point)
    {
        if (point.Length != length)
        {
            return false;
        }

        // The cofactor, which every private key is a multiple of.
        using SecretBuffer cofactor = SecretBuffer.Allocate(length);
        cofactor.Resize(length)[0] = (byte)(is448 ? 4 : 8);
        using SecretBuffer shared = SharedSecret(cofactor, point);
        return shared.Span.ContainsAnyExcept((byte)0);
    }

    public SecretBuffer NewScalar()
    {
        SecretBuffer scalar = SecretBuffer.Allocate(length);
        Span<byte> bytes = scalar.Resize(length);
        RandomBytes.Fill(bytes);
        bytes[0] &= (byte)(is448 ? 0xFC : 0xF8);
        bytes[^1] &= (byte)(is448 ? 0xFF : 0x7F);
        bytes[^1] |= (byte)(is448 ? 0x80 : 0x40);
        return scalar;
    }

    public byte[] PublicKey(SecretBuffer scalar)
    {
        Span<byte> basePoint = stackalloc byte[length];
        basePoint.Clear();
        basePoint[0] = (byte)(is448 ? 5 : 9);
        using SecretBuffer point = SharedSecret(scalar, basePoint);
        return point.Span.ToArray();
    }

    public SecretBuffer SharedSecret(SecretBuffer scalar, ReadOnlySpan<byte> point)
    {
        ReadPoint(point);
        ReadOnlySpan<byte> bits = scalar.Span;
        for (int i = (8 * length) - 1; i >= 0; i--)
        {
            ulong bit = (ulong)(bits[i / 8] >> (i % 8)) & 1;
            SwapPoints(bit);
            Step();
            SwapPoints(bit);
        }

        SecretBuffer shared = SecretBuffer.Allocate(length);
        Span<ulong> inverse = field.Element(Scratch);
        field.Invert(field.Element(Z2), inverse);
        field.Multiply(field.Element(X2), inverse, inverse);
        field.Write(inverse, shared.Resize(length));
        shared.Span.Reverse();
        return shared;
    }

    public void Dispose() => field.Dispose();

    // 2^255 − 19; 2^448 − 2^224 − 1.
    private static byte[] Prime(bool is448)
    {
        var prime = new byte[is448 ? 56 : 32];
        prime.AsSpan().Fill(0xFF);
        if (is448)
        {
            prime[27] = 0xFE;
        }
        else
        {
            prime[0] = 0x7F;
            prime[^1] = 0xED;
        }

        return prime;
    }

    private void ReadPoint(ReadOnlySpan<byte> point)
    {
        byte[] number = point.ToArray();
        Array.Reverse(number);
        number[0] &= (byte)(is448 ? 0xFF : 0x7F);

        // A number that is not below the prime is taken modulo it (section 5), as Montgomery's product does.
        field.Read(number, field.Element(X1));
        field.Element(X1).CopyTo(field.Element(X3));
        field.Read([1], field.Element(X2));
        field.Element(Z2).Clear();
        field.Read([1], field.Element(Z3));
    }

    private void SwapPoints(ulong condition)
    {
        Modulus.Swap(condition, field.Element(X2), field.Element(X3));
        Modulus.Swap(condition, field.Element(Z2), field.Element(Z3));
    }

    // The names are section 5's.
    private void Step()
    {
        Span<ulong> a = field.Element(Scratch);
        Span<ulong> b = field.Element(Scratch + 1);
        Span<ulong> c = field.Element(Scratch + 2);
        Span<ulong> d = field.Element(Scratch + 3);
        field.Add(field.Element(X2), field.Element(Z2), a);
        field.Subtract(field.Element(X2), field.Element(Z2), b);
        field.Add(field.Element(X3), field.Element(Z3), c);
        field.Subtract(field.Element(X3), field.Element(Z3), d);
        field.Multiply(d, a, d);
        field.Multiply(c, b, c);
        field.Add(d, c, field.Element(X3));
        field.Multiply(field.Element(X3), field.Element(X3), field.Element(X3));
        field.Subtract(d, c, d);
        field.Multiply(d, d, d);
        field.Multiply(field.Element(X1), d, field.Element(Z3));
        field.Multiply(a, a, a);
        field.Multiply(b, b, b);
        field.Multiply(a, b, field.Element(X2));
        field.Subtract(a, b, b);
        field.Multiply(field.Element(A24), b, c);
        field.Add(a, c, c);
        field.Multiply(b, c, field.Element(Z2));
    }
}
