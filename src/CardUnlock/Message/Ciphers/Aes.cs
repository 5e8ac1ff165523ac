// SPDX-License-Identifier: GPL-3.0-or-later
// AES (FIPS 197): blocks of 16 bytes, keys of 16, 24 and 32.

namespace CardUnlock;

internal sealed class Aes : BlockCipher
{
    private const int Block = 16;
    private const int MaxScheduleLength = 240;

    private static readonly byte[] SBox = new byte[256];
    private static readonly byte[] InverseSBox = new byte[256];

    private readonly int rounds;

    static Aes()
    {
        // FIPS 197 section 5.1.1: p runs through the field by its generator 3, q through the inverses.
        byte p = 1;
        byte q = 1;
        do
        {
            p ^= Double(p);
            q ^= (byte)(q << 1);
            q ^= (byte)(q << 2);
            q ^= (byte)(q << 4);
            q ^= (byte)((q & 0x80) != 0 ? 0x09 : 0x00);
            SBox[p] = (byte)(q ^ byte.RotateLeft(q, 1) ^ byte.RotateLeft(q, 2) ^ byte.RotateLeft(q, 3) ^ byte.RotateLeft(q, 4) ^ 0x63);
        }
        while (p != 1);
        SBox[0] = 0x63;
        for (int i = 0; i < SBox.Length; i++)
        {
            InverseSBox[SBox[i]] = (byte)i;
        }
    }

    /// <param name="key">16, 24 or 32 bytes.</param>
    public Aes(ReadOnlySpan<byte> key) : base(MaxScheduleLength + (2 * Block))
    {
        rounds = (key.Length / 4) + 6;
        Expand(key);
    }

    public override int BlockLength => Block;

    private Span<byte> Schedule => Memory[..MaxScheduleLength];

    private Span<byte> State => Memory.Slice(MaxScheduleLength, Block);

    private Span<byte> Scratch => Memory.Slice(MaxScheduleLength + Block, Block);

    public override void Encrypt(ReadOnlySpan<byte> from, Span<byte> to)
    {
        Span<byte> state = State;
        Span<byte> scratch = Scratch;
        ReadOnlySpan<byte> schedule = Schedule;
        from[..Block].CopyTo(state);
        AddRoundKey(state, schedule, 0);
        for (int round = 1; round <= rounds; round++)
        {
            // SubBytes and ShiftRows: row r of the column-wise state moves r columns to the left.
            for (int i = 0; i < Block; i++)
            {
                scratch[i] = SBox[state[(i + (4 * (i & 3))) & 15]];
            }

            scratch.CopyTo(state);
            if (round < rounds)
            {
                MixColumns(state);
            }

            AddRoundKey(state, schedule, round);
        }

        state.CopyTo(to);
    }

    public override void Decrypt(ReadOnlySpan<byte> from, Span<byte> to)
    {
        Span<byte> state = State;
        Span<byte> scratch = Scratch;
        ReadOnlySpan<byte> schedule = Schedule;
        from[..Block].CopyTo(state);
        for (int round = rounds; round > 0; round--)
        {
            AddRoundKey(state, schedule, round);
            if (round < rounds)
            {
                // The inverse matrix is the matrix three times over.
                MixColumns(state);
                MixColumns(state);
                MixColumns(state);
            }

            for (int i = 0; i < Block; i++)
            {
                scratch[(i + (4 * (i & 3))) & 15] = InverseSBox[state[i]];
            }

            scratch.CopyTo(state);
        }

        AddRoundKey(state, schedule, 0);
        state.CopyTo(to);
    }

    private static byte Double(byte b) => (byte)((b << 1) ^ ((b & 0x80) != 0 ? 0x1B : 0x00));

    private static void AddRoundKey(Span<byte> state, ReadOnlySpan<byte> schedule, int round)
    {
        for (int i = 0; i < Block; i++)
        {
            state[i] ^= schedule[(round * Block) + i];
        }
    }

    private static void MixColumns(Span<byte> state)
    {
        for (int column = 0; column < Block; column += 4)
        {
            Span<byte> s = state.Slice(column, 4);
            byte first = s[0];
            byte all = (byte)(s[0] ^ s[1] ^ s[2] ^ s[3]);
            s[0] ^= (byte)(all ^ Double((byte)(s[0] ^ s[1])));
            s[1] ^= (byte)(all ^ Double((byte)(s[1] ^ s[2])));
            s[2] ^= (byte)(all ^ Double((byte)(s[2] ^ s[3])));
            s[3] ^= (byte)(all ^ Double((byte)(s[3] ^ first)));
        }
    }

    // FIPS 197 section 5.2, in words of 4 bytes.
    private void Expand(ReadOnlySpan<byte> key)
    {
        Span<byte> w = Schedule;
        key.CopyTo(w);
        byte constant = 1;
        int words = 4 * (rounds + 1);
        int keyWords = key.Length / 4;
        Span<byte> word = Scratch[..4];
        for (int i = keyWords; i < words; i++)
        {
            w.Slice(4 * (i - 1), 4).CopyTo(word);
            if (i % keyWords == 0)
            {
                byte first = word[0];
                word[0] = (byte)(SBox[word[1]] ^ constant);
                word[1] = SBox[word[2]];
                word[2] = SBox[word[3]];
                word[3] = SBox[first];
                constant = Double(constant);
            }
            else if (keyWords > 6 && i % keyWords == 4)
            {
                for (int b = 0; b < word.Length; b++)
                {
                    word[b] = SBox[word[b]];
                }
            }

            for (int b = 0; b < word.Length; b++)
            {
                w[(4 * i) + b] = (byte)(w[(4 * (i - keyWords)) + b] ^ word[b]);
            }
        }
    }
}
