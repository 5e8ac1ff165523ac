// SPDX-License-Identifier: GPL-3.0-or-later
// How long nobody did anything, and what is due then. Pure; all times are milliseconds of one clock.
using UnlockAgent.Configuration;

namespace UnlockAgent.Machine;

/// <summary>What want of a touch leads to.</summary>
internal enum IdleStep
{
    /// <summary>What is typed is wiped.</summary>
    Wipe,
    Dim,
    Dark,
    PowerOff,
}

/// <summary>The clock that a touch, a key or a card sets back.</summary>
internal sealed class IdleClock
{
    /// <summary>The device is looked at no oftener than this while it only waits.</summary>
    public const long LeastPause = 60_000;

    private readonly long[] after;
    private readonly long?[] due = new long?[4];

    /// <param name="settings">The times; zero is never.</param>
    /// <param name="now">The start.</param>
    public IdleClock(Settings settings, long now)
    {
        after =
        [
            Milliseconds(settings.WipeAfter), Milliseconds(settings.DimAfter),
            Milliseconds(settings.DarkAfter), Milliseconds(settings.PowerOffAfter),
        ];
        Touch(now);
    }

    /// <summary>When the next step is due; null: nothing more happens by itself.</summary>
    public long? Due
    {
        get
        {
            long? least = null;
            foreach (long? time in due)
            {
                least = time < (least ?? long.MaxValue) ? time : least;
            }

            return least;
        }
    }

    /// <summary>Somebody did something: all begins anew.</summary>
    public void Touch(long now)
    {
        for (int step = 0; step < after.Length; step++)
        {
            due[step] = after[step] > 0 ? now + after[step] : null;
        }
    }

    /// <summary>Takes the earliest step that is due by now, each once until the next touch.</summary>
    /// <returns>Null where none is.</returns>
    public IdleStep? Expire(long now)
    {
        if (Due is not { } time || time > now)
        {
            return null;
        }

        int step = Array.IndexOf(due, time);
        due[step] = null;
        return (IdleStep)step;
    }

    /// <summary>The device did not power off: it is charged, or the card is at work. Asks again later.</summary>
    public void PostponePowerOff(long now) => due[(int)IdleStep.PowerOff] = now + Math.Max(after[(int)IdleStep.PowerOff], LeastPause);

    private static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;
}
