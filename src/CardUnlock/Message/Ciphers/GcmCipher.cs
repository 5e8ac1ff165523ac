// SPDX-License-Identifier: GPL-3.0-or-later
// GCM decryption (NIST SP 800-38D), nonce 12 bytes, tag 16. GHASH works bit by bit, without a table and without a
// branch: messages hold a key of some kilobytes at most.

using System.Buffers.Binary;

namespace CardUnlock;

internal sealed class GcmCipher : AeadCipher
{
    private const int HashKey = 0;
    private const int Sum = 1;
    private const int Counter = 2;
    private const int Pad = 3;
    private const int Count = 4;

    // The low 32 bits of the counter block run (section 6.2).
    private const int CounterLength = 4;

    // R of section 6.3, the upper half; x^128 is 1 + x + x^2 + x^7, the first bit standing for x^0.
    private const ulong Reduction = 0xE1UL << 56;

    /// <param name="cipher">Of 16-byte blocks; the mode disposes it.</param>
    public GcmCipher(BlockCipher cipher) : base(3, cipher, Count) => Cipher.Encrypt(At(HashKey), At(HashKey));

    protected override void Decrypt(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> ciphertext, Span<byte> plain, Span<byte> tag)
    {
        Span<byte> counter = At(Counter);
        nonce.CopyTo(counter);
        BinaryPrimitives.WriteUInt32BigEndian(counter[^CounterLength..], 1);
        Cipher.Encrypt(counter, tag);
        Xor(tag, Hash(associated, ciphertext));
        BinaryPrimitives.WriteUInt32BigEndian(counter[^CounterLength..], 2);
        CounterMode(counter, CounterLength, ciphertext, plain, At(Pad));
    }

    private Span<byte> At(int index) => Memory.Slice(index * Block, Block);

    // GHASH (section 6.4) over both, each filled with zeroes to whole blocks, and their lengths in bits.
    private Span<byte> Hash(ReadOnlySpan<byte> associated, ReadOnlySpan<byte> ciphertext)
    {
        Span<byte> sum = At(Sum);
        Span<byte> lengths = At(Pad);
        BinaryPrimitives.WriteUInt64BigEndian(lengths, (ulong)associated.Length * 8);
        BinaryPrimitives.WriteUInt64BigEndian(lengths[8..], (ulong)ciphertext.Length * 8);
        sum.Clear();
        Add(sum, associated);
        Add(sum, ciphertext);
        Add(sum, lengths);
        return sum;
    }

    private void Add(Span<byte> sum, ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> hashKey = At(HashKey);
        for (; !bytes.IsEmpty; bytes = bytes[Math.Min(Block, bytes.Length)..])
        {
            for (int i = 0; i < Math.Min(Block, bytes.Length); i++)
            {
                sum[i] ^= bytes[i];
            }

            Multiply(sum, hashKey);
        }
    }

    // Section 6.3: for each bit of x that is set, y times that power of the variable.
    private static void Multiply(Span<byte> x, ReadOnlySpan<byte> y)
    {
        ulong high = BinaryPrimitives.ReadUInt64BigEndian(y);
        ulong low = BinaryPrimitives.ReadUInt64BigEndian(y[8..]);
        ulong productHigh = 0;
        ulong productLow = 0;
        for (int half = 0; half < Block; half += 8)
        {
            ulong bits = BinaryPrimitives.ReadUInt64BigEndian(x[half..]);
            for (int i = 0; i < 64; i++, bits <<= 1)
            {
                ulong taken = 0 - (bits >> 63);
                productHigh ^= high & taken;
                productLow ^= low & taken;
                ulong reduced = (0 - (low & 1)) & Reduction;
                low = (low >> 1) | (high << 63);
                high = (high >> 1) ^ reduced;
            }
        }

        BinaryPrimitives.WriteUInt64BigEndian(x, productHigh);
        BinaryPrimitives.WriteUInt64BigEndian(x[8..], productLow);
    }
}
