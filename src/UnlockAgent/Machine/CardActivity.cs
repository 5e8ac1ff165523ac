// SPDX-License-Identifier: GPL-3.0-or-later
// Which reports of the card's side say that a person is there: a card that comes or goes, an answer, a wish for a touch. Pure.
using CardUnlock;

namespace UnlockAgent.Machine;

internal static class CardActivity
{
    /// <summary>True where a report says so.</summary>
    /// <param name="before">The status until now.</param>
    /// <param name="report">What the card's side reports.</param>
    public static bool IsOne(CardStatus? before, AgentEvent report) => report switch
    {
        AgentEvent.CardAnswered or AgentEvent.TouchAwaited => true,
        AgentEvent.CardChanged changed => IsIn(before) is { } was && IsIn(changed.Status) is { } isIn && was != isIn,
        _ => false,
    };

    /// <summary>Whether a card is in a reader; null where nobody knows. What other programs do with it is nobody's touch.</summary>
    private static bool? IsIn(CardStatus? status) => status switch
    {
        CardStatus.Ready or CardStatus.Unusable or CardStatus.Busy => true,
        CardStatus.NoCard or CardStatus.NoReader => false,
        _ => null,
    };
}
