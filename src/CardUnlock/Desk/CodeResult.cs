// SPDX-License-Identifier: GPL-3.0-or-later

namespace CardUnlock;

/// <summary>What a change of a code comes to; nothing is ever sent twice.</summary>
public abstract record CodeResult
{
    private CodeResult()
    {
    }

    /// <summary>The card took it.</summary>
    public sealed record Done : CodeResult;

    /// <summary>The card refused the old code (or the admin PIN, or the resetting code). Null: it does not say how many tries of it are
    /// left.</summary>
    public sealed record Wrong(int? TriesLeft) : CodeResult;

    /// <summary>No tries are left, or there is no such code on the card; nothing was sent.</summary>
    public sealed record Blocked : CodeResult;

    /// <summary>A length that the card's rules exclude; nothing was sent.</summary>
    public sealed record WrongLength(int Min, int Max) : CodeResult;

    /// <summary>Another card, or the card went on the way.</summary>
    /// <param name="IsUncertain">It went while it was changing the code: the old one or the new one holds.</param>
    public sealed record CardRemoved(bool IsUncertain = false) : CodeResult;

    /// <summary>The card, the reader or its rules refused: what happened and what to do, in sentences.</summary>
    /// <param name="IsUncertain">As above.</param>
    public sealed record Failed(string Reason, bool IsUncertain = false) : CodeResult;
}
