// SPDX-License-Identifier: GPL-3.0-or-later
// Draws a state with Skia into memory of its own, 32 bits a pixel (B, G, R, X), and only what differs from the
// state drawn before: the whole scene is drawn again through the boxes that changed, and what does not meet them is left out.
using System.Runtime.InteropServices;
using Framebuffer;
using SkiaSharp;
using UnlockAgent.Machine;
using UnlockAgent.Native;

namespace UnlockAgent.Screen;

internal sealed partial class PadRenderer : IDisposable
{
    // The share of the light that a dimmed picture loses, of 255, where no backlight dims it.
    private const byte DimAlpha = 170;

    private readonly SKSurface surface;
    private readonly SKPixmap pixels;
    private readonly Lettering lettering = new();
    private readonly SKPaint fill = new() { IsAntialias = true };
    private readonly SKPaint stroke = new() { IsAntialias = true, IsStroke = true, StrokeCap = SKStrokeCap.Round, StrokeJoin = SKStrokeJoin.Round };
    private readonly Viewport viewport;
    private PadLayout? layout;
    private AgentState? drawn;
    private ulong drawnPressed;
    private ulong drawnFocused;
    private Popup? drawnPopup;
    private CursorPosition? drawnCursor;
    private Theme theme = Theme.Dark;

    /// <summary>Makes the drawing memory for a screen.</summary>
    /// <param name="viewport">At least 1 pixel wide and high.</param>
    /// <exception cref="InvalidOperationException">The font cannot be had.</exception>
    public PadRenderer(Viewport viewport)
    {
        this.viewport = viewport;
        surface = SKSurface.Create(new SKImageInfo(viewport.Width, viewport.Height, SKColorType.Bgra8888, SKAlphaType.Opaque));
        pixels = surface.PeekPixels();
        Libc.Populate(pixels.GetPixels(), Stride * viewport.Height);
    }

    /// <summary>Makes the drawing memory for a screen whose dots per inch nobody knows.</summary>
    /// <param name="width">Pixels, at least 1.</param>
    /// <param name="height">Pixels, at least 1.</param>
    /// <exception cref="InvalidOperationException">The font cannot be had.</exception>
    public PadRenderer(int width, int height)
        : this(new Viewport(width, height))
    {
    }

    public int Width => viewport.Width;

    public int Height => viewport.Height;

    /// <summary>Bytes from one row to the next.</summary>
    public int Stride => pixels.RowBytes;

    /// <summary>The picture: <see cref="Height"/> rows of <see cref="Stride"/> bytes.</summary>
    public ReadOnlySpan<byte> Pixels => pixels.GetPixelSpan();

    /// <summary>
    /// What the last drawing changed, box by box: a key and the entry are far less than the area that holds both.
    /// </summary>
    public ReadOnlySpan<Box> Changes => CollectionsMarshal.AsSpan(changes);

    /// <summary>The layout of the state drawn last; the hit test uses it too.</summary>
    public PadLayout Layout => layout ?? throw new InvalidOperationException("Nothing is drawn yet.");

    /// <summary>The owner's picture, or null; disposed by whoever gave it. With another one the next drawing is a whole one.</summary>
    public SKImage? Logo
    {
        get;
        set => (field, drawn) = (value, null);
    }

    /// <summary>The owner's line, or nothing.</summary>
    public string Owner { get; init; } = string.Empty;

    /// <summary>A dimmed screen is a darkened picture: there is no backlight that could be dimmed.</summary>
    public bool DimsPicture { get; set; }

    /// <summary>Draws a state.</summary>
    /// <param name="state">What to show.</param>
    /// <param name="touched">What fingers and a mouse do at this moment.</param>
    /// <returns>The area that holds all <see cref="Changes"/>; empty where the picture already shows the state.</returns>
    public Area Draw(AgentState state, in Touched touched = default)
    {
        ForgetChanges();
        var whole = new Box(0, 0, Width, Height);
        var before = drawn;
        var place = layout is not null && layout.Serves(state) ? layout : PadLayout.For(viewport, state);
        lettering.Language = place.Language;
        if (before is null || layout is null || IsNewPicture(layout, place, before, state))
        {
            changes.Add(whole);
        }
        else if (state.Light != Light.Dark)
        {
            Compare(layout, place, before, state, touched);
        }

        (layout, drawn, drawnPressed, drawnPopup, drawnCursor) = (place, state, touched.Pressed, touched.Popup, touched.Cursor);
        drawnFocused = touched.Focused;
        theme = Theme.Of(state.Choices.Theme);
        return Paint(place, state, touched);
    }

    public void Dispose()
    {
        pixels.Erase(SKColors.Black);
        ForgetChanges();
        (drawnPressed, drawnFocused, drawnPopup, drawnCursor) = (0, 0, null, null);
        DisposeSigns();
        stroke.Dispose();
        fill.Dispose();
        lettering.Dispose();
        pixels.Dispose();
        surface.Dispose();
    }

    private Area Paint(PadLayout place, AgentState state, in Touched touched)
    {
        if (changes.Count > MostBoxes)
        {
            var all = default(Area);
            changes.ForEach(box => all = Join(all, box));
            ForgetChanges();
            changes.Add(new(all.Left, all.Top, all.Right, all.Bottom));
        }

        var damage = default(Area);
        foreach (var box in changes)
        {
            surface.Canvas.Save();
            surface.Canvas.ClipRect(Rect(box));
            if (state.Light == Light.Dark)
            {
                surface.Canvas.Clear(SKColors.Black);
            }
            else
            {
                DrawScene(place, state, touched, box);
            }

            surface.Canvas.Restore();
            damage = Join(damage, box);
        }

        return damage.Clip(Width, Height);
    }

    /// <summary>Draws all that meets a box, from back to front.</summary>
    private void DrawScene(PadLayout place, AgentState state, in Touched touched, Box box)
    {
        surface.Canvas.Clear(theme.Ground);
        if (box.Meets(place.Header))
        {
            DrawHeader(place, state);
        }

        if (box.Meets(FieldOf(place)))
        {
            DrawEntry(place, state, touched.Revealed);
        }

        if (box.Meets(place.Status))
        {
            DrawBattery(place, state.Battery);
        }

        for (int i = 0; i < place.Buttons.Length; i++)
        {
            if (box.Meets(place.Buttons[i].Bounds))
            {
                DrawButton(place, place.Buttons[i], state, (touched.Pressed >> i & 1) != 0, (touched.Focused >> i & 1) != 0);
            }
        }

        if (touched.Popup is { } popup && box.Meets(popup.Bounds))
        {
            DrawPopup(place, popup);
        }

        if (touched.Cursor is { } cursor && box.Meets(CursorBox(place, cursor)))
        {
            DrawCursor(place, cursor);
        }

        if (DimsPicture && state.Light == Light.Dim)
        {
            surface.Canvas.DrawColor(new SKColor(0, 0, 0, DimAlpha), SKBlendMode.SrcOver);
        }
    }

    private static SKRect Rect(Box box) => new(box.Left, box.Top, box.Right, box.Bottom);

    private static Area Join(Area area, Box box) => area.Join(box.ToArea());
}
