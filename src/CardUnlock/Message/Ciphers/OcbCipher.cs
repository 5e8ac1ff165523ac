// SPDX-License-Identifier: GPL-3.0-or-later
// OCB3 decryption (RFC 7253), nonce 15 bytes, tag 16.

using System.Numerics;

namespace CardUnlock;

internal sealed class OcbCipher : AeadCipher
{
    // L_*, L_$, L_0 to L_30 behind each other, then six working blocks.
    private const int LStar = 0;
    private const int LDollar = Block;
    private const int LZero = 2 * Block;
    private const int LCount = 31;
    private const int Work = LZero + (LCount * Block);

    private const int WorkBlocks = 6;

    /// <param name="cipher">Of 16-byte blocks; the mode disposes it.</param>
    public OcbCipher(BlockCipher cipher) : base(2, cipher, (Work / Block) + WorkBlocks)
    {
        Span<byte> memory = Memory;
        Cipher.Encrypt(memory.Slice(LStar, Block), memory.Slice(LStar, Block));
        for (int at = LDollar; at < Work; at += Block)
        {
            Double(memory.Slice(at - Block, Block), memory.Slice(at, Block));
        }
    }

    protected override void Decrypt(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> ciphertext, Span<byte> plain, Span<byte> tag)
    {
        Span<byte> offset = Working(0);
        Span<byte> checksum = Working(1);
        Span<byte> block = Working(2);
        InitialOffset(nonce, offset);
        checksum.Clear();
        int whole = ciphertext.Length / Block;
        for (int i = 0; i < whole; i++)
        {
            Xor(offset, L(i + 1));
            ciphertext.Slice(i * Block, Block).CopyTo(block);
            Xor(block, offset);
            Cipher.Decrypt(block, block);
            Xor(block, offset);
            Xor(checksum, block);
            block.CopyTo(plain[(i * Block)..]);
        }

        DecryptRest(ciphertext[(whole * Block)..], plain[(whole * Block)..], offset, checksum);
        Xor(checksum, offset);
        Xor(checksum, Memory.Slice(LDollar, Block));
        Cipher.Encrypt(checksum, checksum);
        Xor(checksum, Hash(associated));
        checksum.CopyTo(tag);
    }

    private Span<byte> Working(int index) => Memory.Slice(Work + (index * Block), Block);

    private ReadOnlySpan<byte> L(int blockNumber) =>
        Memory.Slice(LZero + (BitOperations.TrailingZeroCount(blockNumber) * Block), Block);

    private void DecryptRest(ReadOnlySpan<byte> ciphertext, Span<byte> plain, Span<byte> offset, Span<byte> checksum)
    {
        if (ciphertext.IsEmpty)
        {
            return;
        }

        Span<byte> pad = Working(2);
        Xor(offset, Memory.Slice(LStar, Block));
        Cipher.Encrypt(offset, pad);
        for (int i = 0; i < ciphertext.Length; i++)
        {
            plain[i] = (byte)(ciphertext[i] ^ pad[i]);
            checksum[i] ^= plain[i];
        }

        checksum[ciphertext.Length] ^= 0x80;
    }

    // Section 4.2 with a 120-bit nonce and a 128-bit tag: 0000000, 1, nonce; the low 6 bits shift the stretched block.
    private void InitialOffset(ReadOnlySpan<byte> nonce, Span<byte> offset)
    {
        Span<byte> top = Working(3);
        top[0] = 0x01;
        nonce.CopyTo(top[1..]);
        int bottom = top[^1] & 0x3F;
        top[^1] &= 0xC0;
        Cipher.Encrypt(top, top);

        // Two adjoining working blocks hold Ktop and the 8 bytes that stretch it.
        Span<byte> stretch = Memory.Slice(Work + (4 * Block), 2 * Block);
        top.CopyTo(stretch);
        for (int i = 0; i < 8; i++)
        {
            stretch[Block + i] = (byte)(top[i] ^ top[i + 1]);
        }

        int bytes = bottom / 8;
        int bits = bottom % 8;
        for (int i = 0; i < Block; i++)
        {
            offset[i] = (byte)((((stretch[i + bytes] << 8) | stretch[i + bytes + 1]) >> (8 - bits)) & 0xFF);
        }
    }

    // HASH of section 4.1; the associated data are public.
    private Span<byte> Hash(ReadOnlySpan<byte> associated)
    {
        Span<byte> sum = Working(3);
        Span<byte> offset = Working(4);
        Span<byte> block = Working(5);
        sum.Clear();
        offset.Clear();
        for (int i = 1; !associated.IsEmpty; i++)
        {
            int length = Math.Min(Block, associated.Length);
            block.Clear();
            associated[..length].CopyTo(block);
            if (length < Block)
            {
                block[length] = 0x80;
            }

            Xor(offset, length == Block ? L(i) : Memory.Slice(LStar, Block));
            Xor(block, offset);
            Cipher.Encrypt(block, block);
            Xor(sum, block);
            associated = associated[length..];
        }

        return sum;
    }
}
