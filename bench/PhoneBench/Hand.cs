// SPDX-License-Identifier: GPL-3.0-or-later
//
// How a person types on a contender: lines for the touch-player, which makes the device and moves it.

using EmulatedPhone;
using UnlockAgent.Screen;

namespace PhoneBench;

/// <summary>A device in the guest and where its keys are.</summary>
internal abstract class Hand
{
    /// <summary>The key that is pressed for a measurement.</summary>
    public const char Sample = Peer.Sample;

    /// <summary>Makes the device.</summary>
    public abstract string Device(Phone phone);

    /// <summary>Presses the key of a character; '\n' confirms, '\b' deletes.</summary>
    public abstract string Press(Phone phone, char key);

    /// <summary>Lets it go.</summary>
    public abstract string Release(char key);

    /// <summary>The contender acts when the key is let go, not when it is pressed.</summary>
    public abstract bool ActsOnRelease { get; }

    /// <summary>The pixels of which some change when <see cref="Sample"/> is pressed; null where nothing shows it.</summary>
    public abstract Box? Seen(Phone phone);
}

/// <summary>A finger on a touchscreen whose axes are the screen's pixels.</summary>
/// <param name="keys">The box of the key that types a character.</param>
internal sealed class Finger(Func<Phone, char, Box> keys) : Hand
{
    public override bool ActsOnRelease => true;

    public override string Device(Phone phone) => $"device hand slots 0 {phone.Width - 1} 0 {phone.Height - 1}";

    public override string Press(Phone phone, char key)
    {
        Box box = keys(phone, key);
        return $"down hand 0 {(box.Left + box.Right) / 2} {(box.Top + box.Bottom) / 2}";
    }

    public override string Release(char key) => "up hand 0";

    public override Box? Seen(Phone phone) => keys(phone, Sample);
}

/// <summary>A keyboard.</summary>
/// <param name="seen">Where what is typed shows; null: nowhere.</param>
internal sealed class Keyboard(Box? seen) : Hand
{
    public override bool ActsOnRelease => false;

    public override string Device(Phone phone) => "device hand keys";

    public override string Press(Phone phone, char key) => $"press hand {Phone.CodeOf(key)}";

    public override string Release(char key) => $"release hand {Phone.CodeOf(key)}";

    public override Box? Seen(Phone phone) => seen;
}
