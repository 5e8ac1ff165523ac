// SPDX-License-Identifier: GPL-3.0-or-later
// Whether anybody attends to the device: what wakes it types nothing, and what nobody touches dims, goes dark and powers off. Also
// the power key's time, and the battery's. Pure, but for the look at the battery, which it is given.
using Input;
using UnlockAgent.Configuration;
using UnlockAgent.Machine;

namespace UnlockAgent.Shell;

internal sealed class Attention
{
    private readonly IdleClock idle;
    private readonly WakeGuard guard = new();
    private readonly PowerKey power = new();
    private readonly Func<Battery?> readBattery;
    private Battery? battery;
    private long? batteryRead;

    /// <param name="settings">The times.</param>
    /// <param name="now">Milliseconds of the clock that all else here is given.</param>
    /// <param name="readBattery">Looks at the battery.</param>
    public Attention(Settings settings, long now, Func<Battery?> readBattery)
    {
        idle = new(settings, now);
        this.readBattery = readBattery;
    }

    /// <summary>When <see cref="Expire"/> has something to do.</summary>
    /// <param name="state">A dark screen shows no battery, and none is looked at for it.</param>
    public long? Due(AgentState state)
    {
        long? shown = state.Light == Light.Dark ? null
            : batteryRead is not { } read ? 0
            : battery is null ? null
            : read + IdleClock.LeastPause;
        return Deadline.Earlier(Deadline.Earlier(idle.Due, power.Due), shown);
    }

    /// <summary>Follows a contact.</summary>
    /// <returns>True where it does no more than wake the screen.</returns>
    public bool Swallows(in PointerEvent e, Light light) => guard.Swallows(
        e.Pointer, e.Phase == PointerPhase.Down, e.Phase is PointerPhase.Up or PointerPhase.Cancel, light == Light.Dark);

    /// <summary>Follows a key.</summary>
    /// <returns>
    /// True where it does no more than wake the screen. What types nothing by itself is never swallowed: Shift and AltGr, and any key's
    /// end, without which a modifier that was held before the dark would be held for ever.
    /// </returns>
    public bool Swallows(in KeyEvent e, Light light) => e.Code is not (KeyCode.LeftShift or KeyCode.RightShift or KeyCode.AltGr)
        && guard.SwallowsKey(e.Code, e.Down, light == Light.Dark) && e.Down;

    /// <summary>Follows the power key.</summary>
    /// <returns>What a release means; what holding it means is told by <see cref="ExpirePowerKey"/>.</returns>
    public PowerPress Follow(in KeyEvent powerKey, Light light, long now)
    {
        if (!powerKey.Down)
        {
            return power.Release();
        }

        if (!powerKey.Repeat)
        {
            power.Press(now, wakes: light == Light.Dark);
        }

        return PowerPress.None;
    }

    /// <summary>Somebody did something.</summary>
    /// <returns>What follows for the state, or null.</returns>
    public AgentEvent? Touch(long now, AgentState state)
    {
        idle.Touch(now);
        return state.Light == Light.Full ? null : new AgentEvent.LightChanged(Light.Full);
    }

    /// <summary>What holding the power key means by now.</summary>
    public PowerPress ExpirePowerKey(long now) => power.Expire(now);

    /// <summary>The next thing that is due by now, or null.</summary>
    public AgentEvent? Expire(long now, AgentState state)
    {
        while (idle.Expire(now) is { } step)
        {
            if (EventOf(step, now, state) is { } @event)
            {
                return @event;
            }
        }

        // Nothing else waits for it: it is looked at when the screen has a reason to be drawn.
        return state.Light != Light.Dark && !(now - batteryRead < IdleClock.LeastPause) ? LookAtBattery(now) : null;
    }

    private AgentEvent? EventOf(IdleStep step, long now, AgentState state) => step switch
    {
        IdleStep.Wipe => new AgentEvent.EntryExpired(),
        IdleStep.Dim => state.Light == Light.Full ? new AgentEvent.LightChanged(Light.Dim) : null,
        IdleStep.Dark => new AgentEvent.LightChanged(Light.Dark),
        _ => PowerOff(now, state),
    };

    /// <summary>Not while the card is at work, nor on a charger; and who has no battery hangs on the mains.</summary>
    private AgentEvent PowerOff(long now, AgentState state)
    {
        var look = LookAtBattery(now);
        if (state.Work == CardWork.None && battery is { Charging: false })
        {
            return new AgentEvent.IdleTooLong();
        }

        idle.PostponePowerOff(now);
        return look;
    }

    private AgentEvent.BatteryRead LookAtBattery(long now)
    {
        (battery, batteryRead) = (readBattery(), now);
        return new(battery);
    }
}
