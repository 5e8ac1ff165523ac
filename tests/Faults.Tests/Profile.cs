// SPDX-License-Identifier: GPL-3.0-or-later
// The cards of the matrix: their key, their way of speaking, and how many commands an unlock takes with each.

using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using CardSimulator;
using HostPhone;

namespace Faults.Tests;

/// <summary>A kind of card.</summary>
/// <param name="Name">As the table has it.</param>
/// <param name="KeyName">The recording that its key is of.</param>
/// <param name="Options">How it answers.</param>
/// <param name="Looks">Commands before the PIN pad.</param>
/// <param name="Unlocks">Commands after the confirmed PIN.</param>
internal sealed record Profile(string Name, string KeyName, CardOptions Options, int Looks, int Unlocks)
{
    /// <summary>RSA, the command in a chain of two and short answers.</summary>
    public static Profile Chain { get; } = new("chain", "smartpgp-chain-rsa2048", CardProfiles.SmartPgp, 4, 4);

    /// <summary>RSA, extended lengths.</summary>
    public static Profile Extended { get; } =
        new("extended", "smartpgp-ext-rsa2048", CardProfiles.SmartPgpExtended, 4, 3);

    /// <summary>RSA through T=0: answers wait for GET RESPONSE.</summary>
    public static Profile T0 { get; } = new("T=0", "smartpgp-chain-rsa2048", new CardOptions { T0 = true }, 4, 5);

    /// <summary>X25519, 6E without its tag.</summary>
    public static Profile Curve25519 { get; } = new("cv25519", "pico-cv25519", CardProfiles.Pico, 5, 3);

    /// <summary>P-256 of a specification 2.0 card.</summary>
    public static Profile Gnuk { get; } = new("Gnuk P-256", "smartpgp-chain-nistp256", CardProfiles.Gnuk, 4, 3);

    /// <summary>A card that wants its PIN hashed, and answers as YubiKeys do.</summary>
    public static Profile Hashing { get; } = new("KDF", "pico-nistp256", CardProfiles.YubiKey5, 4, 3) { IsHashing = true };

    public static IReadOnlyList<Profile> All { get; } = [Chain, Extended, T0, Curve25519, Gnuk, Hashing];

    /// <summary>The PIN that the card knows is a hash.</summary>
    public bool IsHashing { get; init; }

    /// <summary>A fresh card.</summary>
    public VirtualCard NewCard(CardKeys keys)
    {
        VirtualCard card = keys.NewCard(Options);
        if (IsHashing)
        {
            Hash(card);
        }

        return card;
    }

    // KDF-DO of OpenPGP card 3.4 section 4.3.2: iterated and salted SHA-256 over so many bytes of salt and PIN.
    private static void Hash(VirtualCard card)
    {
        const int Count = 100_000;
        byte[] salt = [1, 2, 3, 4, 5, 6, 7, 8];
        byte[] count = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(count, Count);
        byte[] data = [0x81, 1, 3, 0x82, 1, 8, 0x83, 4, .. count, 0x84, 8, .. salt];
        Expect(card, [0x00, 0xA4, 0x04, 0x00, 6, 0xD2, 0x76, 0x00, 0x01, 0x24, 0x01]);
        Expect(card, [0x00, 0x20, 0x00, 0x83, 8, .. "12345678"u8]);
        Expect(card, [0x00, 0xDA, 0x00, 0xF9, (byte)data.Length, .. data]);
        byte[] round = [.. salt, .. Encoding.ASCII.GetBytes(CardKeys.Pin)];
        byte[] all = [.. Enumerable.Range(0, Count).Select(i => round[i % round.Length])];
        card.SetUserPin(SHA256.HashData(all));
        card.PowerOff();
        card.ClearLog();
    }

    private static void Expect(VirtualCard card, byte[] command)
    {
        if (card.Transmit(command)[^2] is not (0x90 or 0x61))
        {
            throw new InvalidOperationException("The card does not take its KDF-DO.");
        }
    }
}
