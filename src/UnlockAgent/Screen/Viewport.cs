// SPDX-License-Identifier: GPL-3.0-or-later
// How large things are drawn: from the screen's pixels and its dots per inch, as known or guessed. Pure.
namespace UnlockAgent.Screen;

/// <summary>The screen that is drawn on, turned as the person holds it.</summary>
/// <param name="Width">Pixels per row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Dpi">Dots per inch as the screen or the configuration says; 0 where neither does.</param>
internal readonly record struct Viewport(int Width, int Height, int Dpi = 0)
{
    private const float MillimetresPerInch = 25.4f;

    // Lengths of the design are pixels of the Librem 5: 720 × 1440 of them on 5.7 inches.
    private const float DesignDpi = 282;

    // A phone is as wide as a hand holds. Screens that are wider than high and not as long as a phone are tablets and monitors.
    private const float PhoneMillimetres = 65, TabletMillimetres = 135, PhoneAspect = 1.9f;
    private const float LeastPhoneDpi = 120, MostPhoneDpi = 560, LeastTabletDpi = 140, MostTabletDpi = 300;

    // A screen that is higher than this stands farther away, and must not look like a stamp from there.
    private const float FarMillimetres = 330;
    private const float MostDpi = 800;

    private const float Growth = 1.15f;
    private const float LeastLegible = 1 / 3f;

    /// <summary>Wider than high, or nearly so: there is no room for a message, a pad and links below each other.</summary>
    public bool IsWide => Width * 5 > Height * 4;

    /// <summary>Pixels of the shorter side.</summary>
    public int Short => Math.Min(Width, Height);

    /// <summary>Dots per inch that lengths are reckoned with: those given, or a guess from the number of pixels.</summary>
    public float EffectiveDpi => Dpi > 0
        ? Math.Clamp(Dpi, Math.Min(MostDpi, Short * MillimetresPerInch / FarMillimetres), MostDpi)
        : Guess();

    /// <summary>
    /// Pixels for each pixel of the design: its true size where there is room, a little more where there is much, less where
    /// the whole would not fit.
    /// </summary>
    public float Unit
    {
        get
        {
            float natural = EffectiveDpi / DesignDpi;
            float fits = IsWide ? Math.Min(Width / 960f, Height / 640f) : Math.Min(Width / 680f, Height / 1100f);
            float roomy = IsWide ? Math.Min(Width / 1440f, Height / 760f) : Math.Min(Width / 720f, Height / 1440f);
            float unit = Math.Max(Math.Min(natural, fits), Math.Min(natural * Growth, roomy));
            return Math.Max(unit, Math.Min(fits, LeastLegible));
        }
    }

    /// <summary>Pixels for a length on the glass.</summary>
    public float Millimetres(float length) => length * EffectiveDpi / MillimetresPerInch;

    private float Guess()
    {
        bool isPhone = !IsWide || Width >= Height * PhoneAspect;
        float dpi = Short * MillimetresPerInch / (isPhone ? PhoneMillimetres : TabletMillimetres);
        return isPhone ? Math.Clamp(dpi, LeastPhoneDpi, MostPhoneDpi) : Math.Clamp(dpi, LeastTabletDpi, MostTabletDpi);
    }
}
