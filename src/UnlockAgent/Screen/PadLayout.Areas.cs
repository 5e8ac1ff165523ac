// SPDX-License-Identifier: GPL-3.0-or-later
// How the screen is divided: what a thumb presses lies below, or at the right where the screen is wider than high; what is
// read lies above, or at the left. Lengths are those of the design.
using System.Collections.Immutable;
using UnlockAgent.Machine;
using UnlockAgent.Text;

namespace UnlockAgent.Screen;

internal sealed partial class PadLayout
{
    private const float Margin = 28;
    private const float Gap = 14;
    private const float PadEntryHeight = 92;
    private const float FieldHeight = 92;
    private const float HeaderLeast = 250;
    private const float HeaderLow = 140;
    private const float HeaderMost = 660;
    private const float KeyboardKeyHeight = 106;
    private const float KeyboardMost = 1440;
    private const float WideButtonHeight = 124;
    private const float WideButtonMost = 664;
    private const float PinKeyWidth = 212;
    private const float PinKeyHeight = 148;
    private const float TextMost = 1000;
    private const float MostKeyMillimetres = 20;

    private int Edge => Scaled(Margin);

    private int Space => Math.Max(2, Scaled(Gap));

    private bool IsPassphrase => Arrangement == Arrangement.Keyboard;

    /// <summary>Menu and power in the corners of a strip, and the battery between them.</summary>
    private void PlaceCorners(ImmutableArray<PadButton>.Builder buttons, int left, int right)
    {
        if (kind.HasMenu)
        {
            buttons.Add(new(new(left, 0, left + Touch, Touch), new(ButtonAction.Menu), string.Empty, Look.Bare) { Sign = Sign.Menu });
        }

        if (Arrangement is not (Arrangement.Dialog or Arrangement.List))
        {
            buttons.Add(new(new(right - Touch, 0, right, Touch), new(ButtonAction.Power), string.Empty, Look.Bare) { Sign = Sign.Power });
            int width = Math.Min(Scaled(190), right - left - (2 * Touch));
            Status = new(right - Touch - width, 0, right - Touch, Touch);
        }
    }

    /// <summary>A message, and what can be done about it at the bottom.</summary>
    private void PlaceMessage(ImmutableArray<PadButton>.Builder buttons)
    {
        int bottom = Height - Space;
        if (Arrangement != Arrangement.Bare)
        {
            var link = new Box(Edge, bottom - Touch, Width - Edge, bottom);
            int top = link.Top;
            if (Arrangement is Arrangement.Question or Arrangement.Blocked)
            {
                int height = Math.Max(Touch, Scaled(WideButtonHeight));
                var wide = Middle(new(Edge, top - Space - height, Width - Edge, top - Space), Scaled(WideButtonMost));
                string label = Language[Arrangement == Arrangement.Question ? Phrase.Ok : Phrase.ResetCode];
                buttons.Add(new(wide, new(ButtonAction.Confirm), label, Look.Primary));
                top = wide.Top;
            }

            buttons.Add(PassphraseLink(Middle(link, Scaled(WideButtonMost))));
            bottom = top - Space;
        }

        PlaceCorners(buttons, 0, Width);
        Header = Middle(new(Edge, Touch, Width - Edge, bottom), Scaled(TextMost));
        Entry = new(Header.Left, bottom, Header.Right, bottom);
    }

    /// <summary>Upright: message, dots, pad, links.</summary>
    private void PlacePadBelow(ImmutableArray<PadButton>.Builder buttons, AgentState state)
    {
        int links = Height - Space - Touch;
        int entryHeight = Scaled(PadEntryHeight);
        int room = links - Space - Touch - Scaled(HeaderLeast) - entryHeight - (2 * Space);
        int most = links - (3 * Space) - Touch - entryHeight;
        int width = PinKeyWide((Width - (2 * Edge) - (2 * Space)) / 3);
        int height = PinKeyHigh(width, Math.Max(room - (3 * Space), Math.Min(most - (3 * Space), 4 * Touch)) / 4);
        int top = links - Space - (4 * height) - (3 * Space);
        AddPad(buttons, (Width - (3 * width) - (2 * Space)) / 2, top, width, height, state);
        AddPinLinks(buttons, Middle(new(Edge, links, Width - Edge, links + Touch), Scaled(WideButtonMost)), ButtonAction.Letters, Phrase.Letters);
        PlaceCorners(buttons, 0, Width);
        Entry = new(Edge, top - Space - entryHeight, Width - Edge, top - Space);
        PlaceHeader(Entry.Top);
    }

    /// <summary>Lying: message, dots and links at the left, the pad at the right.</summary>
    private void PlacePadBeside(ImmutableArray<PadButton>.Builder buttons, AgentState state)
    {
        int width = PinKeyWide((int)(((Width * 0.56f) - Edge - (2 * Space)) / 3));
        int below = (Height - Touch - Edge - (3 * Space)) / 4;
        bool cornerIsFree = below >= Math.Min(viewport.Millimetres(9), Width / 6f);
        int height = PinKeyHigh(width, cornerIsFree ? below : (Height - (4 * Space)) / 4);
        int padWidth = (3 * width) + (2 * Space), padHeight = (4 * height) + (3 * Space);
        int padLeft = Width - padWidth - Math.Max(Space, ((Width / 2) - padWidth) / 2);
        int padTop = Math.Max(cornerIsFree ? Touch : 0, (Height - padHeight) / 2);
        AddPad(buttons, padLeft, padTop, width, height, state);

        int left = Edge, right = Math.Max(padLeft - Edge, left), padBottom = padTop + padHeight;
        bool isRoomy = padBottom + Space + Touch + Space <= Height;
        bool isStacked = !isRoomy && right - left < Scaled(520);
        int linkHeight = isStacked ? Math.Max(Scaled(84), Touch * 4 / 5) : Touch;
        int linksTop = isRoomy ? padBottom + Space : Height - Space - (isStacked ? 2 * linkHeight : linkHeight);
        Box links = isRoomy ? new(padLeft, linksTop, padLeft + padWidth, linksTop + Touch) : new(left, linksTop, right, Height - Space);
        AddPinLinks(buttons, links, ButtonAction.Letters, Phrase.Letters, isStacked);
        PlaceCorners(buttons, 0, cornerIsFree ? Width : padLeft - Space);
        int entryHeight = Scaled(PadEntryHeight);
        int entryBottom = isRoomy ? padBottom : Math.Min(linksTop, Math.Max(padBottom, (Height / 2) + Scaled(HeaderMost / 2)));
        Entry = new(left, entryBottom - entryHeight, right, entryBottom);
        Header = new(left, Math.Max(Touch, Entry.Top - Scaled(HeaderMost)), right, Entry.Top);
    }

    /// <summary>Upright: message, field, keyboard, links.</summary>
    private void PlaceKeyboardBelow(ImmutableArray<PadButton>.Builder buttons, AgentState state)
    {
        int links = Height - Space - Touch, width = Math.Min(Width - Space, Scaled(KeyboardMost));
        int room = links - Space - Touch - Scaled(HeaderLeast) - Scaled(FieldHeight) - (2 * Space);
        int height = Math.Min(KeyboardHigh(state), room);
        var keys = new Box((Width - width) / 2, links - Space - height, ((Width - width) / 2) + width, links - Space);
        AddKeyboard(buttons, keys);
        AddKeyboardLinks(buttons, Middle(new(Edge, links, Width - Edge, links + Touch), Scaled(WideButtonMost)));
        PlaceCorners(buttons, 0, Width);
        int bottom = keys.Top - Space;
        PlaceField(buttons, new(Edge, bottom - Math.Max(Scaled(FieldHeight), Touch), Width - Edge, bottom));
        PlaceHeader(Entry.Top - Space);
    }

    /// <summary>Lying: the links stand beside the field, and the message between the corners.</summary>
    private void PlaceKeyboardWide(ImmutableArray<PadButton>.Builder buttons, AgentState state)
    {
        int width = Math.Min(Width - Space, Scaled(KeyboardMost)), left = (Width - width) / 2;
        int fieldHeight = Math.Max(Scaled(FieldHeight), Touch);
        int room = Height - Math.Max(Touch, Scaled(HeaderLow)) - fieldHeight - (3 * Space);
        int height = Math.Min(KeyboardHigh(state), room);
        var keys = new Box(left, Height - Space - height, left + width, Height - Space);
        AddKeyboard(buttons, keys);
        int bottom = keys.Top - Space, top = bottom - fieldHeight, aside = (int)(width * (IsPassphrase ? 0.24f : 0.26f));
        AddKeyboardLinks(buttons, new(left, top, left + aside, bottom), new(left + width - aside, top, left + width, bottom));
        PlaceCorners(buttons, 0, Width);
        int fieldRight = IsPassphrase ? left + width - Space : left + width - aside - Space;
        PlaceField(buttons, new(left + aside + Space, top, fieldRight, bottom));
        PlaceHeader(top);
    }

    /// <summary>Below the corners; where there is little room between them, instead of the battery.</summary>
    private void PlaceHeader(int bottom)
    {
        bool isLow = bottom - Touch < Scaled(HeaderLow);
        var header = isLow
            ? new Box(Touch, 0, Width - Touch, bottom)
            : new Box(Edge, Math.Max(Touch, bottom - Scaled(HeaderMost)), Width - Edge, bottom);
        Header = Middle(header, Scaled(TextMost));
        Status = isLow ? default : Status;
    }

    /// <summary>The field, with the button that shows a passphrase at its end.</summary>
    private void PlaceField(ImmutableArray<PadButton>.Builder buttons, Box field)
    {
        int reveal = IsPassphrase ? Math.Min(Touch, field.Width / 4) : 0;
        Entry = field with { Right = field.Right - reveal };
        if (IsPassphrase)
        {
            buttons.Add(new(field with { Left = Entry.Right }, new(ButtonAction.Reveal), string.Empty, Look.Bare) { Sign = Sign.Eye });
        }
    }

    /// <summary>The middle of a box, no wider than a length.</summary>
    private static Box Middle(Box box, int most)
    {
        int away = Math.Max(0, (box.Width - most) / 2);
        return box with { Left = box.Left + away, Right = box.Right - away };
    }

    /// <summary>A PIN key's width: the design's, at least 9 mm or a sixth of the screen, at most 20 mm and what there is.</summary>
    private int PinKeyWide(int room)
    {
        float least = Math.Min(viewport.Millimetres(9), Width / 6f);
        float wanted = Math.Min(Math.Max(Scaled(PinKeyWidth), least), viewport.Millimetres(MostKeyMillimetres));
        return Math.Min((int)wanted, room);
    }

    private int KeyboardHigh(AgentState state) =>
        (KeyRowsOf(state) * (Math.Max(Scaled(KeyboardKeyHeight), Touch) + Space)) - Space;

    private int PinKeyHigh(int width, int room) =>
        Math.Min(Math.Max((int)(width * PinKeyHeight / PinKeyWidth), Math.Max(Touch, (int)Math.Min(viewport.Millimetres(9), width))), room);
}
