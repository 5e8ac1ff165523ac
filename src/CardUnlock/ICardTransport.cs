// SPDX-License-Identifier: GPL-3.0-or-later
// The seam between the card's commands and what carries them: bytes in, bytes out, in the caller's buffers.

namespace CardUnlock;

/// <summary>Carries one command APDU to a card and its response back.</summary>
public interface ICardTransport
{
    /// <summary>
    /// Sends <paramref name="command"/>, writes data and status word into <paramref name="response"/>.
    /// </summary>
    /// <returns>The response's length in bytes, status word included (2 or more from a card that keeps the
    /// standard).</returns>
    /// <exception cref="PcscException">The card, the reader or the service is gone or does not answer.</exception>
    int Transmit(ReadOnlySpan<byte> command, Span<byte> response);
}
