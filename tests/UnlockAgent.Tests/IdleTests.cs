// SPDX-License-Identifier: GPL-3.0-or-later
// Clocks, keys that are held, touches that wake, batteries: what stands beside the machine, without a screen.
using CardUnlock;
using UnlockAgent.Configuration;
using UnlockAgent.Machine;
using UnlockAgent.Shell;

namespace UnlockAgent.Tests;

public sealed class IdleTests : IDisposable
{
    private readonly string supplies = Directory.CreateTempSubdirectory("power_supply").FullName;

    public void Dispose() => Directory.Delete(supplies, recursive: true);

    [Fact]
    public void Each_step_comes_once_at_its_time_and_a_touch_begins_anew()
    {
        var clock = new IdleClock(Settings.Default, now: 1000);
        Assert.Equal(31_000, clock.Due);
        Assert.Null(clock.Expire(30_999));
        Assert.Equal(IdleStep.Wipe, clock.Expire(31_000));
        Assert.Equal(IdleStep.Dim, clock.Expire(31_000));
        Assert.Null(clock.Expire(31_000));
        Assert.Equal(61_000, clock.Due);

        clock.Touch(40_000);
        Assert.Equal(70_000, clock.Due);
        IdleStep?[] late = [.. Enumerable.Range(0, 5).Select(_ => clock.Expire(1_000_000))];
        Assert.Equal([IdleStep.Wipe, IdleStep.Dim, IdleStep.Dark, IdleStep.PowerOff, null], late);
        Assert.Null(clock.Due);

        // A charger keeps it on: it asks again no sooner than after a minute.
        clock.PostponePowerOff(1_000_000);
        Assert.Equal(1_300_000, clock.Due);
        var hasty = new IdleClock(Settings.Default with { PowerOffAfter = TimeSpan.FromSeconds(1) }, 0);
        hasty.PostponePowerOff(0);
        Assert.Equal(30_000, hasty.Due);
        Assert.Equal([IdleStep.Wipe, IdleStep.Dim, null], new[] { 1, 2, 3 }.Select(_ => hasty.Expire(59_999)));
    }

    [Fact]
    public void Zero_is_never_and_then_nothing_wakes()
    {
        var never = Settings.Default with
        {
            WipeAfter = TimeSpan.Zero,
            DimAfter = TimeSpan.Zero,
            DarkAfter = TimeSpan.Zero,
            PowerOffAfter = TimeSpan.Zero,
        };
        var clock = new IdleClock(never, 0);
        Assert.Null(clock.Due);
        Assert.Null(clock.Expire(long.MaxValue));
    }

    [Fact]
    public void The_power_key_is_brief_or_long_or_very_long()
    {
        var key = new PowerKey();
        key.Press(0, wakes: false);
        Assert.Equal((1000L, PowerPress.None), (key.Due!.Value, key.Expire(999)));
        Assert.Equal(PowerPress.Short, key.Release());
        Assert.Equal((null, PowerPress.None), (key.Due, key.Release()));

        key.Press(0, wakes: false);
        Assert.Equal((PowerPress.Long, 3000L), (key.Expire(1000), key.Due!.Value));
        Assert.Equal(PowerPress.None, key.Release());

        key.Press(0, wakes: false);
        Assert.Equal(PowerPress.Long, key.Expire(1500));
        Assert.Equal((PowerPress.Off, PowerPress.None, PowerPress.None), (key.Expire(3000), key.Expire(9000), key.Release()));

        // What wakes the screen is neither brief nor long, and still powers off.
        key.Press(0, wakes: true);
        Assert.Equal((3000L, PowerPress.None), (key.Due!.Value, key.Release()));
        key.Press(0, wakes: true);
        Assert.Equal((PowerPress.None, PowerPress.Off), (key.Expire(1000), key.Expire(3000)));
    }

    [Fact]
    public void The_touch_that_wakes_types_nothing_nor_does_a_second_finger_during_it()
    {
        var guard = new WakeGuard();
        Assert.True(guard.Swallows(1, begins: true, ends: false, isDark: true));
        Assert.True(guard.Swallows(1, begins: false, ends: false, isDark: false));
        Assert.True(guard.Swallows(2, begins: true, ends: false, isDark: false));
        Assert.True(guard.Swallows(1, begins: false, ends: true, isDark: false));
        Assert.True(guard.Swallows(2, begins: false, ends: true, isDark: false));
        Assert.False(guard.Swallows(1, begins: true, ends: false, isDark: false));
        Assert.False(guard.Swallows(1, begins: false, ends: true, isDark: false));

        // A finger that lay there before the screen went dark does not wake it by moving.
        Assert.False(guard.Swallows(3, begins: false, ends: false, isDark: true));

        Assert.True(guard.SwallowsKey(30, isDown: true, isDark: true));
        Assert.True(guard.SwallowsKey(30, isDown: true, isDark: false));
        Assert.False(guard.SwallowsKey(31, isDown: true, isDark: false));
        Assert.True(guard.SwallowsKey(30, isDown: false, isDark: false));
        Assert.False(guard.SwallowsKey(30, isDown: true, isDark: false));
    }

    [Fact]
    public void Every_order_of_digits_is_as_likely_as_another()
    {
        var random = new Random(10);
        int[] counts = new int[100];
        byte[] bytes = new byte[DigitOrder.RandomBytes];
        const int Orders = 20_000;
        for (int i = 0; i < Orders; i++)
        {
            random.NextBytes(bytes);
            int[] order = DigitOrder.From(bytes);
            Assert.Equal(Enumerable.Range(0, 10), order.Order());
            for (int place = 0; place < 10; place++)
            {
                counts[(10 * place) + order[place]]++;
            }
        }

        // 2000 are expected, with a standard deviation of 42.
        Assert.All(counts, count => Assert.InRange(count, 1750, 2250));
        Assert.Equal(Enumerable.Range(0, 10), DigitOrder.From(Enumerable.Repeat((byte)255, DigitOrder.RandomBytes).ToArray()).Order());
    }

    [Theory]
    [InlineData("Charging", "1", true)]
    [InlineData("Full", "1", true)]
    [InlineData("Not charging", "1", true)]
    [InlineData("Unknown", "1", true)]
    [InlineData("Unknown", "0", false)]
    [InlineData("Discharging", "0", false)]
    [InlineData("Discharging", "1", false)]
    public void A_battery_is_what_the_kernel_says(string status, string online, bool isCharging)
    {
        Supply("bat0", ("type", "Battery"), ("present", "1"), ("capacity", "42"), ("status", status));
        Supply("usb", ("type", "USB"), ("online", online));
        Supply("mouse", ("type", "Battery"), ("scope", "Device"), ("capacity", "1"), ("status", "Discharging"));
        Assert.Equal(new Battery(42, isCharging), PowerSupply.Read(supplies));
    }

    [Fact]
    public void Without_a_battery_of_its_own_the_device_has_none()
    {
        Assert.Null(PowerSupply.Read(supplies + "/nowhere"));
        Assert.Null(PowerSupply.Read(supplies));
        Supply("ac", ("type", "Mains"), ("online", "1"));
        Supply("bay", ("type", "Battery"), ("present", "0"), ("capacity", "0"));
        Supply("mute", ("type", "Battery"), ("present", "1"));
        Assert.Null(PowerSupply.Read(supplies));
        (string, string)[] charge = [("charge_now", "300000"), ("charge_full", "1000000")];
        Supply("old", [("type", "Battery"), ("present", "1"), .. charge, ("status", "Discharging")]);
        Assert.Equal(new Battery(30, Charging: false), PowerSupply.Read(supplies));
        Supply("second", ("type", "Battery"), ("present", "1"), ("capacity", "150"), ("status", "Full"));
        Assert.Equal(new Battery(65, Charging: true), PowerSupply.Read(supplies));
    }

    [Fact]
    public void A_card_that_comes_goes_or_answers_is_somebody_and_a_reader_that_is_shared_is_not()
    {
        CardStatus ready = new CardStatus.Ready(Screens.Card), empty = new CardStatus.NoCard("r"), busy = new CardStatus.Busy("r");
        Assert.True(CardActivity.IsOne(empty, new AgentEvent.CardChanged(ready)));
        Assert.True(CardActivity.IsOne(ready, new AgentEvent.CardChanged(empty)));
        Assert.True(CardActivity.IsOne(ready, new AgentEvent.CardAnswered(CardOutcome.WrongPin)));
        Assert.True(CardActivity.IsOne(ready, new AgentEvent.TouchAwaited()));
        Assert.False(CardActivity.IsOne(null, new AgentEvent.CardChanged(ready)));
        Assert.False(CardActivity.IsOne(ready, new AgentEvent.CardChanged(busy)));
        Assert.False(CardActivity.IsOne(busy, new AgentEvent.CardChanged(ready)));
        Assert.False(CardActivity.IsOne(empty, new AgentEvent.CardChanged(new CardStatus.NoReader())));
        Assert.False(CardActivity.IsOne(new CardStatus.ServiceMissing("x"), new AgentEvent.CardChanged(empty)));
    }

    [Fact]
    public void Choices_survive_as_a_line_and_nothing_else_is_taken_for_one()
    {
        var choices = new Choices(ThemeName.HighContrast, "zh_CN", "de");
        Assert.Equal(choices, ChoicesText.Parse(choices.ToText()));
        string[] junks = ["", "dark", "dark en", "dark en us x", "blue en us", "dark xx us", "dark en xx", "\0", "dark en us\nlight"];
        foreach (string junk in junks)
        {
            Assert.Null(ChoicesText.Parse(junk));
        }
    }

    private void Supply(string name, params (string Property, string Value)[] properties)
    {
        Directory.CreateDirectory(Path.Combine(supplies, name));
        foreach (var (property, value) in properties)
        {
            File.WriteAllText(Path.Combine(supplies, name, property), value + "\n");
        }
    }
}
