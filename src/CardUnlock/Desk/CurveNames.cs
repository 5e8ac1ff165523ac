// SPDX-License-Identifier: GPL-3.0-or-later

namespace CardUnlock;

/// <summary>The curves' names as gpg writes them.</summary>
internal static class CurveNames
{
    /// <summary>By the OID's content bytes; an OID that is not known here in hexadecimal.</summary>
    public static string Of(ReadOnlySpan<byte> oid) => Convert.ToHexString(oid) switch
    {
        "2B060104019755010501" or "2B656E" => "cv25519",
        "2B656F" => "cv448",
        "2A8648CE3D030107" => "nistp256",
        "2B81040022" => "nistp384",
        "2B81040023" => "nistp521",
        "2B2403030208010107" => "brainpoolP256r1",
        "2B240303020801010B" => "brainpoolP384r1",
        "2B240303020801010D" => "brainpoolP512r1",
        "2B8104000A" => "secp256k1",
        var unknown => unknown,
    };
}
