// SPDX-License-Identifier: GPL-3.0-or-later

namespace CardUnlock;

/// <summary>A primary key, a user id or a subkey, and the signatures behind it that could be read.</summary>
internal sealed record CertificatePart(PacketTag Tag, byte[] Body, List<CertificateSignature> Signatures);
