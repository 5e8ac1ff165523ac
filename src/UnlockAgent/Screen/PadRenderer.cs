// SPDX-License-Identifier: GPL-3.0-or-later
// Draws a state with Skia into memory of its own, 32 bits a pixel (B, G, R, X), and only what differs from the
// state drawn before: the message, the entry, or single buttons.
using System.Numerics;
using Framebuffer;
using SkiaSharp;
using UnlockAgent.Machine;
using UnlockAgent.Native;
using UnlockAgent.Text;

namespace UnlockAgent.Screen;

internal sealed partial class PadRenderer : IDisposable
{
    private readonly SKSurface surface;
    private readonly SKPixmap pixels;
    private readonly Lettering lettering = new();
    private readonly SKPaint fill = new() { IsAntialias = true };
    private readonly SKPaint stroke = new() { IsAntialias = true, IsStroke = true, StrokeCap = SKStrokeCap.Round, StrokeJoin = SKStrokeJoin.Round };
    private PadLayout? layout;
    private AgentState? drawn;
    private ulong drawnPressed;

    /// <summary>Makes the drawing memory for a screen.</summary>
    /// <param name="width">Pixels, at least 1.</param>
    /// <param name="height">Pixels, at least 1.</param>
    /// <exception cref="InvalidOperationException">The font cannot be had.</exception>
    public PadRenderer(int width, int height)
    {
        (Width, Height) = (width, height);
        surface = SKSurface.Create(new SKImageInfo(width, height, SKColorType.Bgra8888, SKAlphaType.Opaque));
        pixels = surface.PeekPixels();
        Libc.Populate(pixels.GetPixels(), Stride * height);
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Bytes from one row to the next.</summary>
    public int Stride => pixels.RowBytes;

    /// <summary>The picture: <see cref="Height"/> rows of <see cref="Stride"/> bytes.</summary>
    public ReadOnlySpan<byte> Pixels => pixels.GetPixelSpan();

    /// <summary>The layout of the state drawn last; the hit test uses it too.</summary>
    public PadLayout Layout => layout ?? throw new InvalidOperationException("Nothing is drawn yet.");

    /// <summary>Draws a state.</summary>
    /// <param name="state">What to show.</param>
    /// <param name="pressed">One bit for each button that a finger holds, by its place in the layout.</param>
    /// <returns>What changed; empty where the picture already shows it.</returns>
    public Area Draw(AgentState state, ulong pressed = 0)
    {
        var before = drawn;
        ulong changed = pressed ^ drawnPressed;
        (drawn, drawnPressed) = (state, pressed);
        if (layout is null || before is null || !layout.Serves(state))
        {
            layout = PadLayout.For(Width, Height, state);
            DrawAll(layout, state);
            return new(0, 0, Width, Height);
        }

        return DrawChanges(layout, before, state, changed);
    }

    public void Dispose()
    {
        pixels.Erase(SKColors.Black);
        stroke.Dispose();
        fill.Dispose();
        lettering.Dispose();
        pixels.Dispose();
        surface.Dispose();
    }

    private void DrawAll(PadLayout place, AgentState state)
    {
        surface.Canvas.Clear(Theme.Ground);
        DrawMessage(place, Messages.For(state));
        DrawEntry(place, state);
        for (int i = 0; i < place.Buttons.Length; i++)
        {
            DrawButton(place, place.Buttons[i], state, IsPressed(i));
        }
    }

    private Area DrawChanges(PadLayout place, AgentState before, AgentState state, ulong changed)
    {
        var damage = default(Area);
        var message = Messages.For(state);
        if (message != Messages.For(before))
        {
            Erase(place.Header);
            DrawMessage(place, message);
            damage = Join(damage, place.Header);
        }

        if (state.Typed != before.Typed || state.Mode != before.Mode)
        {
            Erase(place.Entry);
            DrawEntry(place, state);
            damage = Join(damage, place.Entry);
        }

        if (state.CanConfirm != before.CanConfirm)
        {
            changed |= 1UL << IndexOf(place, ButtonAction.Confirm);
        }

        for (; changed != 0; changed &= changed - 1)
        {
            int i = BitOperations.TrailingZeroCount(changed);
            if (i < place.Buttons.Length)
            {
                Erase(place.Buttons[i].Bounds);
                DrawButton(place, place.Buttons[i], state, IsPressed(i));
                damage = Join(damage, place.Buttons[i].Bounds);
            }
        }

        return damage;
    }

    private bool IsPressed(int button) => (drawnPressed >> button & 1) != 0;

    private static int IndexOf(PadLayout place, ButtonAction action)
    {
        for (int i = 0; i < place.Buttons.Length; i++)
        {
            if (place.Buttons[i].Button.Action == action)
            {
                return i;
            }
        }

        return 63;
    }

    private static Area Join(Area area, Box box) => area.Join(new(box.Left, box.Top, box.Right, box.Bottom));

    private void Erase(Box box)
    {
        fill.Color = Theme.Ground;
        surface.Canvas.DrawRect(box.Left, box.Top, box.Width, box.Height, fill);
    }
}
