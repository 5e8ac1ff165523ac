// SPDX-License-Identifier: GPL-3.0-or-later

using System.Security.Cryptography;

namespace CardUnlock.Tests;

public sealed class PinDerivationTests
{
    private static readonly byte[] Salt = [1, 2, 3, 4, 5, 6, 7, 8];

    [Theory]
    [InlineData(8, 100_000u)]
    [InlineData(8, 3u)]
    [InlineData(10, 65_536u)]
    public void Pin_is_hashed_with_its_salt_over_and_over(byte hash, uint count)
    {
        byte[] kdf = [0x81, 1, 3, 0x82, 1, hash, 0x83, 4, (byte)(count >> 24), (byte)(count >> 16), (byte)(count >> 8), (byte)count, 0x84, 8, .. Salt];
        byte[] round = [.. Salt, .. "123456"u8];
        byte[] input = new byte[Math.Max(count, (uint)round.Length)];
        for (int i = 0; i < input.Length; i++)
        {
            input[i] = round[i % round.Length];
        }

        using SecretBuffer derived = PinDerivation.Parse(kdf)!.Derive("123456"u8)!;
        Assert.Equal(hash == 8 ? SHA256.HashData(input) : SHA512.HashData(input), derived.Span.ToArray());
    }

    [Theory]
    [InlineData("")]
    [InlineData("810100")]
    public void Empty_or_off_means_the_pin_itself(string kdf) =>
        Assert.Null(PinDerivation.Parse(Convert.FromHexString(kdf)));

    [Theory]
    [InlineData("00")]
    [InlineData("8101")]
    [InlineData("8100")]
    [InlineData("820108")]
    [InlineData("810101820108830400010000" + "84080102030405060708")]
    [InlineData("810103820102830400010000" + "84080102030405060708")]
    [InlineData("8101038201088303010000" + "84080102030405060708")]
    [InlineData("810103820108830403E00001" + "84080102030405060708")]
    [InlineData("810103820108830400010000" + "8400")]
    public void What_cannot_be_read_or_is_not_known_gives_nothing(string kdf) =>
        Assert.Null(PinDerivation.Parse(Convert.FromHexString(kdf))!.Derive("123456"u8));
}
