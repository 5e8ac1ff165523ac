// SPDX-License-Identifier: GPL-3.0-or-later
// EAX decryption (Bellare, Rogaway, Wagner: "The EAX Mode of Operation", 2004): OMAC and counter mode, nonce 16 bytes as
// OpenPGP has it, tag 16.

namespace CardUnlock;

internal sealed class EaxCipher : AeadCipher
{
    // L doubled once and twice, what ends a message of whole blocks and of others; then three working blocks.
    private const int Whole = 0;
    private const int Partial = 1;
    private const int Sum = 2;
    private const int Counter = 3;
    private const int Pad = 4;
    private const int Count = 5;

    /// <param name="cipher">Of 16-byte blocks; the mode disposes it.</param>
    public EaxCipher(BlockCipher cipher) : base(1, cipher, Count)
    {
        Cipher.Encrypt(At(Pad), At(Pad));
        Double(At(Pad), At(Whole));
        Double(At(Whole), At(Partial));
    }

    protected override void Decrypt(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> ciphertext, Span<byte> plain, Span<byte> tag)
    {
        Span<byte> counter = At(Counter);
        Omac(0, nonce).CopyTo(counter);
        counter.CopyTo(tag);
        Xor(tag, Omac(1, associated));
        Xor(tag, Omac(2, ciphertext));
        CounterMode(counter, Block, ciphertext, plain, At(Pad));
    }

    private Span<byte> At(int index) => Memory.Slice(index * Block, Block);

    // OMAC over a block that holds only the number of the use, then the message.
    private Span<byte> Omac(byte use, ReadOnlySpan<byte> message)
    {
        Span<byte> sum = At(Sum);
        sum.Clear();
        sum[^1] = use;
        if (message.IsEmpty)
        {
            Xor(sum, At(Whole));
        }

        while (!message.IsEmpty)
        {
            Cipher.Encrypt(sum, sum);
            int length = Math.Min(Block, message.Length);
            for (int i = 0; i < length; i++)
            {
                sum[i] ^= message[i];
            }

            message = message[length..];
            if (message.IsEmpty)
            {
                Xor(sum, At(length == Block ? Whole : Partial));
                sum[length & (Block - 1)] ^= (byte)(length == Block ? 0 : 0x80);
            }
        }

        Cipher.Encrypt(sum, sum);
        return sum;
    }
}
