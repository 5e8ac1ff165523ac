// SPDX-License-Identifier: GPL-3.0-or-later
// The manufacturers' numbers in a card's AID (OpenPGP card 3.4 section 4.2.1), as GnuPG's list has them.

using System.Globalization;

namespace CardUnlock;

internal static class Makers
{
    private const int FirstUnmanaged = 0xFF00;
    private const int TestCard = 0xFFFF;

    /// <summary>The maker's name, or "maker 00AB".</summary>
    public static string Name(int number) => number switch
    {
        0x0000 or TestCard => "test card",
        0x0001 => "PPC Card Systems",
        0x0002 => "Prism",
        0x0003 => "OpenFortress",
        0x0004 => "Wewid",
        0x0005 => "ZeitControl",
        0x0006 => "Yubico",
        0x0007 => "OpenKMS",
        0x0008 => "LogoEmail",
        0x0009 => "Fidesmo",
        0x000A => "VivoKey",
        0x000B => "Feitian Technologies",
        0x000D => "Dangerous Things",
        0x000E => "Excelsecu",
        0x000F => "Nitrokey",
        0x0010 => "NeoPGP",
        0x0011 => "Token2",
        0x002A => "Magrathea",
        0x0042 => "GnuPG e.V.",
        0x1337 => "Warsaw Hackerspace",
        0x2342 => "warpzone",
        0x4354 => "Confidential Technologies",
        0x5343 => "SSE Carte à puce",
        0x5443 => "TIF-IT e.V.",
        0x63AF => "Trustica",
        0xBA53 => "c-base e.V.",
        0xBD0E => "Paranoidlabs",
        0xCA05 => "Atos CardOS",
        0xF1D0 => "CanoKeys",
        0xF517 => "FSIJ",
        0xF5EC => "F-Secure",
        >= FirstUnmanaged => "self-made card",
        _ => string.Create(CultureInfo.InvariantCulture, $"maker {number:X4}"),
    };
}
