// SPDX-License-Identifier: GPL-3.0-or-later
// The power key by how long it is held: briefly, for a second, for three. Pure; all times are milliseconds of one clock.
namespace UnlockAgent.Machine;

/// <summary>What a press of the power key means.</summary>
internal enum PowerPress
{
    None,

    /// <summary>It was let go soon.</summary>
    Short,

    /// <summary>It is held for a second.</summary>
    Long,

    /// <summary>It is held for three seconds: the device powers off.</summary>
    Off,
}

internal sealed class PowerKey
{
    private const long LongAfter = 1000, OffAfter = 3000;

    private long? pressed;
    private bool isPlain;

    /// <summary>When holding it on means more.</summary>
    public long? Due => pressed + (isPlain ? LongAfter : OffAfter);

    /// <summary>It went down.</summary>
    /// <param name="now">The time.</param>
    /// <param name="wakes">The screen was dark: this press means nothing else, unless it powers off.</param>
    public void Press(long now, bool wakes) => (pressed, isPlain) = (now, !wakes);

    /// <summary>It went up.</summary>
    public PowerPress Release()
    {
        bool isShort = pressed is not null && isPlain;
        pressed = null;
        return isShort ? PowerPress.Short : PowerPress.None;
    }

    /// <summary>Takes what holding it means by now, each once.</summary>
    public PowerPress Expire(long now)
    {
        if (Due is not { } due || due > now)
        {
            return PowerPress.None;
        }

        if (isPlain)
        {
            isPlain = false;
            return PowerPress.Long;
        }

        pressed = null;
        return PowerPress.Off;
    }
}
