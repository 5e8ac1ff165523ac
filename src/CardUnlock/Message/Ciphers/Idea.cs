// SPDX-License-Identifier: GPL-3.0-or-later
// IDEA (Lai: "On the Design and Security of Block Ciphers", 1992): blocks of 8 bytes, a key of 16, words of 16 bits.

using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace CardUnlock;

internal sealed class Idea : BlockCipher
{
    private const int Rounds = 8;
    private const int PerRound = 6;
    private const int SubkeyCount = (Rounds * PerRound) + 4;
    private const int KeyWords = 8;

    /// <param name="key">16 bytes.</param>
    public Idea(ReadOnlySpan<byte> key) : base(2 * 2 * SubkeyCount)
    {
        Expand(key, Words[..SubkeyCount]);
        Invert(Words[..SubkeyCount], Words[SubkeyCount..]);
    }

    public override int BlockLength => 8;

    // The subkeys for encryption, then those for decryption.
    private Span<ushort> Words => MemoryMarshal.Cast<byte, ushort>(Memory);

    public override void Encrypt(ReadOnlySpan<byte> from, Span<byte> to) => Process(from, to, Words[..SubkeyCount]);

    public override void Decrypt(ReadOnlySpan<byte> from, Span<byte> to) => Process(from, to, Words[SubkeyCount..]);

    private static void Process(ReadOnlySpan<byte> from, Span<byte> to, ReadOnlySpan<ushort> k)
    {
        ushort a = BinaryPrimitives.ReadUInt16BigEndian(from);
        ushort b = BinaryPrimitives.ReadUInt16BigEndian(from[2..]);
        ushort c = BinaryPrimitives.ReadUInt16BigEndian(from[4..]);
        ushort d = BinaryPrimitives.ReadUInt16BigEndian(from[6..]);
        for (; k.Length > PerRound; k = k[PerRound..])
        {
            a = Multiply(a, k[0]);
            b += k[1];
            c += k[2];
            d = Multiply(d, k[3]);
            ushort p = Multiply((ushort)(a ^ c), k[4]);
            ushort q = Multiply((ushort)(p + (b ^ d)), k[5]);
            p += q;
            a ^= q;
            d ^= p;
            (b, c) = ((ushort)(c ^ q), (ushort)(b ^ p));
        }

        // The last round's change of the middle words is undone.
        BinaryPrimitives.WriteUInt16BigEndian(to, Multiply(a, k[0]));
        BinaryPrimitives.WriteUInt16BigEndian(to[2..], (ushort)(c + k[1]));
        BinaryPrimitives.WriteUInt16BigEndian(to[4..], (ushort)(b + k[2]));
        BinaryPrimitives.WriteUInt16BigEndian(to[6..], Multiply(d, k[3]));
    }

    // Modulo 65537, 0 standing for 65536.
    private static ushort Multiply(ushort a, ushort b) =>
        (ushort)((a == 0 ? 0x10000UL : a) * (b == 0 ? 0x10000UL : b) % 0x10001);

    // The power of 65535 is the inverse.
    private static ushort Inverse(ushort value)
    {
        ushort power = value;
        for (int i = 0; i < 15; i++)
        {
            value = Multiply(value, value);
            power = Multiply(power, value);
        }

        return power;
    }

    // Eight words of the key, then of the key rotated left by 25 bits, and so on.
    private static void Expand(ReadOnlySpan<byte> key, Span<ushort> k)
    {
        for (int i = 0; i < KeyWords; i++)
        {
            k[i] = BinaryPrimitives.ReadUInt16BigEndian(key[(2 * i)..]);
        }

        for (int i = KeyWords; i < k.Length; i++)
        {
            ReadOnlySpan<ushort> last = k.Slice((i & ~(KeyWords - 1)) - KeyWords, KeyWords);
            k[i] = (ushort)((last[(i + 1) % KeyWords] << 9) | (last[(i + 2) % KeyWords] >> 7));
        }
    }

    private static void Invert(ReadOnlySpan<ushort> k, Span<ushort> inverse)
    {
        for (int round = 0; round <= Rounds; round++)
        {
            ReadOnlySpan<ushort> from = k[(PerRound * (Rounds - round))..];
            Span<ushort> to = inverse[(PerRound * round)..];

            // Between the rounds the middle words have changed places.
            bool isOuter = round is 0 or Rounds;
            to[0] = Inverse(from[0]);
            to[1] = (ushort)-from[isOuter ? 1 : 2];
            to[2] = (ushort)-from[isOuter ? 2 : 1];
            to[3] = Inverse(from[3]);
            if (round < Rounds)
            {
                k.Slice((PerRound * (Rounds - round)) - 2, 2).CopyTo(to[4..]);
            }
        }
    }
}
