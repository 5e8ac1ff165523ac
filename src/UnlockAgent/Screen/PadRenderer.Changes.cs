// SPDX-License-Identifier: GPL-3.0-or-later
// Which boxes of the screen differ between what is drawn and what shall be.
using System.Numerics;
using System.Runtime.InteropServices;
using UnlockAgent.Machine;

namespace UnlockAgent.Screen;

internal sealed partial class PadRenderer
{
    // More boxes than these are drawn as the one that holds them all.
    private const int MostBoxes = 24;

    private readonly List<Box> changes = new(64);

    /// <summary>A list that is cleared keeps what was in it, and the boxes of keys tell a PIN.</summary>
    private void ForgetChanges()
    {
        CollectionsMarshal.AsSpan(changes).Clear();
        changes.Clear();
    }

    /// <summary>True where nothing of the old picture can stay.</summary>
    private bool IsNewPicture(PadLayout old, PadLayout place, AgentState before, AgentState state)
    {
        bool darkens = (before.Light == Light.Dark) != (state.Light == Light.Dark);
        bool dims = DimsPicture && (before.Light == Light.Dim) != (state.Light == Light.Dim);
        bool moves = !ReferenceEquals(old, place)
            && (old.Arrangement, old.Header, old.Entry, old.Language) != (place.Arrangement, place.Header, place.Entry, place.Language);
        return darkens || dims || moves || before.Choices.Theme != state.Choices.Theme || IsResting(before) != IsResting(state);
    }

    private void Compare(PadLayout old, PadLayout place, AgentState before, AgentState state, in Touched touched)
    {
        if (MessageOf(place, state) != MessageOf(old, before) || FootnoteOf(place, state) != FootnoteOf(old, before))
        {
            changes.Add(place.Header);
        }

        bool isOther = state.Typed != before.Typed || state.EntryLength != before.EntryLength;
        bool isRevealed = state.Revealed && !ReferenceEquals(state, before);
        if (isOther || isRevealed || state.Revealed != before.Revealed || state.CapsLock != before.CapsLock)
        {
            changes.Add(FieldOf(place));
        }

        if (state.Battery != before.Battery)
        {
            changes.Add(place.Status);
        }

        CompareButtons(old, place, before, state, (touched.Pressed ^ drawnPressed) | (touched.Focused ^ drawnFocused));
        if (touched.Popup != drawnPopup)
        {
            AddOverlay(place, drawnPopup?.Bounds);
            AddOverlay(place, touched.Popup?.Bounds);
        }

        if (touched.Cursor != drawnCursor)
        {
            AddOverlay(place, drawnCursor is { } was ? CursorBox(place, was) : null);
            AddOverlay(place, touched.Cursor is { } now ? CursorBox(place, now) : null);
        }
    }

    private void CompareButtons(PadLayout old, PadLayout place, AgentState before, AgentState state, ulong changed)
    {
        for (int i = 0; i < place.Buttons.Length; i++)
        {
            var action = place.Buttons[i].Button.Action;
            bool differs = (action == ButtonAction.Confirm && state.CanConfirm != before.CanConfirm)
                || (action == ButtonAction.Reveal && state.Revealed != before.Revealed);
            changed |= differs ? Bit(i) : 0;
        }

        for (int i = 0; !ReferenceEquals(old, place) && i < Math.Max(old.Buttons.Length, place.Buttons.Length); i++)
        {
            var (was, now) = (ButtonAt(old, i), ButtonAt(place, i));
            if (was != now)
            {
                AddChange(was?.Bounds);
                AddChange(now?.Bounds);
            }
        }

        for (; changed != 0; changed &= changed - 1)
        {
            var button = ButtonAt(place, BitOperations.TrailingZeroCount(changed));
            AddChange(button is { Button.Action: ButtonAction.Reveal } ? FieldOf(place) : button?.Bounds);
        }
    }

    /// <summary>
    /// What lies over other things, and each of them whole: Skia rounds the edge of a shape that it draws in part a little differently.
    /// </summary>
    private void AddOverlay(PadLayout place, Box? overlay)
    {
        if (overlay is not { } box)
        {
            return;
        }

        changes.Add(box);
        foreach (var part in (ReadOnlySpan<Box>)[place.Header, FieldOf(place), place.Status])
        {
            AddChange(box.Meets(part) ? part : null);
        }

        foreach (var button in place.Buttons)
        {
            AddChange(box.Meets(button.Bounds) && button.Button.Action != ButtonAction.Reveal ? button.Bounds : null);
        }
    }

    private void AddChange(Box? box)
    {
        if (box is { } known)
        {
            changes.Add(known);
        }
    }

    private static PadButton? ButtonAt(PadLayout place, int i) => i < place.Buttons.Length ? place.Buttons[i] : null;

    private static ulong Bit(int button) => button is >= 0 and < 64 ? 1UL << button : 0;

    /// <summary>True while the card works: the pad still shows where one was, and takes nothing.</summary>
    private static bool IsResting(AgentState state) => state.Mode == Mode.Checking;
}
