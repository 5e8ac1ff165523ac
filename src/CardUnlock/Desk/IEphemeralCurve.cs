// SPDX-License-Identifier: GPL-3.0-or-later

namespace CardUnlock;

/// <summary>A curve to agree on a secret with an ephemeral key: nothing secret leaves locked memory.</summary>
internal interface IEphemeralCurve : IDisposable
{
    /// <summary>A point of this curve that a secret can be agreed on with.</summary>
    bool Takes(ReadOnlySpan<byte> point);

    /// <summary>A new private key.</summary>
    SecretBuffer NewScalar();

    /// <summary>Its public point, as <see cref="CurvePoint.Bytes"/> has it.</summary>
    byte[] PublicKey(SecretBuffer scalar);

    /// <summary>The shared coordinate, as long as the curve's field.</summary>
    SecretBuffer SharedSecret(SecretBuffer scalar, ReadOnlySpan<byte> point);
}
