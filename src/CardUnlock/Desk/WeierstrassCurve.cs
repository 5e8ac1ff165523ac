// SPDX-License-Identifier: GPL-3.0-or-later
// Points on curves y² = x³ + ax + b of prime order (SEC 2, RFC 5639), times a secret scalar: a ladder over the complete addition
// of Renes, Costello and Batina (2015, algorithm 1), which has no special case that would tell of the scalar.

using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Utilities;

namespace CardUnlock;

/// <summary>One curve's arithmetic in locked memory. Points outside are 04, X, Y.</summary>
internal sealed class WeierstrassCurve : IEphemeralCurve
{
    private const byte Uncompressed = 0x04;

    // Residues: three points of three coordinates, the constants, scratch.
    private const int Zero = 0;
    private const int Point = 3;
    private const int Sum = 6;
    private const int A = 9;
    private const int ThriceB = 10;
    private const int Scratch = 11;
    private const int Elements = Scratch + 10;

    private readonly X9ECParameters parameters;
    private readonly Modulus field;
    private readonly byte[] order;
    private readonly int fieldLength;

    private WeierstrassCurve(X9ECParameters parameters)
    {
        this.parameters = parameters;
        BigInteger prime = parameters.Curve.Field.Characteristic;
        fieldLength = (prime.BitLength + 7) / 8;
        order = parameters.N.ToByteArrayUnsigned();
        field = new Modulus(Bytes(prime), Elements);
        field.Read(Bytes(parameters.Curve.A.ToBigInteger()), field.Element(A));
        field.Read(Bytes(parameters.Curve.B.ToBigInteger().Multiply(BigInteger.Three).Mod(prime)), field.Element(ThriceB));
    }

    /// <summary>The curve of that OID (content bytes); null: none of these.</summary>
    public static WeierstrassCurve? Find(ReadOnlySpan<byte> oid) =>
        ECNamedCurveTable.GetByOid(DerObjectIdentifier.FromContents(oid.ToArray())) is X9ECParameters parameters
            ? new WeierstrassCurve(parameters)
            : null;

    /// <summary>The point is on the curve and not at infinity.</summary>
    public bool Takes(ReadOnlySpan<byte> point)
    {
        if (point.Length != 1 + (2 * fieldLength) || point[0] != Uncompressed)
        {
            return false;
        }

        BigInteger prime = parameters.Curve.Field.Characteristic;
        var x = new BigInteger(1, point.Slice(1, fieldLength));
        var y = new BigInteger(1, point[(1 + fieldLength)..]);
        BigInteger right = x.Multiply(x).Add(parameters.Curve.A.ToBigInteger()).Multiply(x).Add(parameters.Curve.B.ToBigInteger());
        return x.CompareTo(prime) < 0 && y.CompareTo(prime) < 0 && y.Multiply(y).Mod(prime).Equals(right.Mod(prime));
    }

    /// <summary>A private key: 1 to the order less 1, each as likely as any other.</summary>
    public SecretBuffer NewScalar()
    {
        SecretBuffer scalar = SecretBuffer.Allocate(order.Length);
        Span<byte> bytes = scalar.Resize(order.Length);
        do
        {
            RandomBytes.Fill(bytes);
            bytes[0] &= (byte)(0xFF >> byte.LeadingZeroCount(order[0]));
        }
        while (bytes.SequenceCompareTo(order) >= 0 || !bytes.ContainsAnyExcept((byte)0));
        return scalar;
    }

    public byte[] PublicKey(SecretBuffer scalar)
    {
        Multiply(scalar, parameters.G.Normalize().GetEncoded(false));
        var point = new byte[1 + (2 * fieldLength)];
        point[0] = Uncompressed;
        WriteAffine(Zero, point.AsSpan(1, fieldLength));
        WriteAffine(Zero + 1, point.AsSpan(1 + fieldLength));
        return point;
    }

    public SecretBuffer SharedSecret(SecretBuffer scalar, ReadOnlySpan<byte> point)
    {
        Multiply(scalar, point);
        SecretBuffer shared = SecretBuffer.Allocate(fieldLength);
        WriteAffine(Zero, shared.Resize(fieldLength));
        return shared;
    }

    public void Dispose() => field.Dispose();

    private byte[] Bytes(BigInteger number) => BigIntegers.AsUnsignedByteArray(fieldLength, number);

    // Leaves scalar · point in the first point.
    private void Multiply(SecretBuffer scalar, ReadOnlySpan<byte> point)
    {
        SetNeutral(Zero);
        field.Read(point.Slice(1, fieldLength), field.Element(Point));
        field.Read(point[(1 + fieldLength)..], field.Element(Point + 1));
        field.Read([1], field.Element(Point + 2));
        ReadOnlySpan<byte> bits = scalar.Span;
        for (int i = 0; i < 8 * bits.Length; i++)
        {
            ulong bit = (ulong)(bits[i / 8] >> (7 - (i % 8))) & 1;
            SwapPoints(bit);
            Add(Zero, Point, Point);
            Add(Zero, Zero, Zero);
            SwapPoints(bit);
        }
    }

    private void SetNeutral(int point)
    {
        field.Element(point).Clear();
        field.Read([1], field.Element(point + 1));
        field.Element(point + 2).Clear();
    }

    private void SwapPoints(ulong condition)
    {
        for (int i = 0; i < 3; i++)
        {
            Modulus.Swap(condition, field.Element(Zero + i), field.Element(Point + i));
        }
    }

    // The coordinate that stands there, over the first point's Z.
    private void WriteAffine(int coordinate, Span<byte> to)
    {
        Span<ulong> inverse = field.Element(Scratch);
        field.Invert(field.Element(Zero + 2), inverse);
        field.Multiply(field.Element(coordinate), inverse, inverse);
        field.Write(inverse, to);
    }

    private void Add(int p, int q, int to)
    {
        Span<ulong> xx = field.Element(Scratch);
        Span<ulong> yy = field.Element(Scratch + 1);
        Span<ulong> zz = field.Element(Scratch + 2);
        Span<ulong> xy = field.Element(Scratch + 3);
        Span<ulong> xz = field.Element(Scratch + 4);
        Span<ulong> yz = field.Element(Scratch + 5);
        field.Multiply(field.Element(p), field.Element(q), xx);
        field.Multiply(field.Element(p + 1), field.Element(q + 1), yy);
        field.Multiply(field.Element(p + 2), field.Element(q + 2), zz);
        Cross(p, q, 0, 1, xx, yy, xy);
        Cross(p, q, 0, 2, xx, zz, xz);
        Cross(p, q, 1, 2, yy, zz, yz);

        // u = a·xz + 3b·zz; v = 3b·xz + a·(xx − a·zz); w = 3·xx + a·zz
        Span<ulong> u = field.Element(Scratch + 6);
        Span<ulong> v = field.Element(Scratch + 7);
        Span<ulong> w = field.Element(Scratch + 8);
        Span<ulong> t = field.Element(Scratch + 9);
        field.Multiply(field.Element(A), xz, u);
        field.Multiply(field.Element(ThriceB), zz, t);
        field.Add(u, t, u);
        field.Multiply(field.Element(A), zz, t);
        field.Add(xx, xx, w);
        field.Add(w, xx, w);
        field.Add(w, t, w);
        field.Subtract(xx, t, t);
        field.Multiply(field.Element(A), t, t);
        field.Multiply(field.Element(ThriceB), xz, v);
        field.Add(v, t, v);

        // X = xy·(yy − u) − yz·v; Y = (yy − u)·(yy + u) + w·v; Z = yz·(yy + u) + xy·w
        field.Subtract(yy, u, xx);
        field.Add(yy, u, zz);
        Combine(xy, xx, yz, v, field.Element(Sum), isDifference: true);
        Combine(xx, zz, w, v, field.Element(Sum + 1), isDifference: false);
        Combine(yz, zz, xy, w, field.Element(Sum + 2), isDifference: false);
        for (int i = 0; i < 3; i++)
        {
            field.Element(Sum + i).CopyTo(field.Element(to + i));
        }
    }

    // p[i]·q[j] + p[j]·q[i] = (p[i] + p[j])·(q[i] + q[j]) − p[i]·q[i] − p[j]·q[j]
    private void Cross(int p, int q, int i, int j, ReadOnlySpan<ulong> first, ReadOnlySpan<ulong> second, Span<ulong> to)
    {
        Span<ulong> t = field.Element(Scratch + 9);
        field.Add(field.Element(p + i), field.Element(p + j), to);
        field.Add(field.Element(q + i), field.Element(q + j), t);
        field.Multiply(to, t, to);
        field.Subtract(to, first, to);
        field.Subtract(to, second, to);
    }

    private void Combine(
        ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b, ReadOnlySpan<ulong> c, ReadOnlySpan<ulong> d, Span<ulong> to, bool isDifference)
    {
        Span<ulong> t = field.Element(Scratch + 9);
        field.Multiply(a, b, to);
        field.Multiply(c, d, t);
        if (isDifference)
        {
            field.Subtract(to, t, to);
        }
        else
        {
            field.Add(to, t, to);
        }
    }
}
