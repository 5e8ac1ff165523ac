// SPDX-License-Identifier: GPL-3.0-or-later
// Where the keys of a keyboard stand, and the variants of a held one.
using System.Collections.Immutable;
using UnlockAgent.Keyboards;
using UnlockAgent.Machine;
using UnlockAgent.Text;

namespace UnlockAgent.Screen;

/// <summary>The variants that a held key offers, above it.</summary>
/// <param name="Button">The key's place in the layout, or -1 where its page is not shown any more.</param>
/// <param name="Characters">Unicode scalar values.</param>
/// <param name="Bounds">All cells together, in pixels.</param>
/// <param name="Columns">Cells in each row; the last row may have fewer.</param>
/// <param name="FromRight">The first variant is the rightmost one.</param>
/// <param name="Chosen">The place of the variant that the finger is at, or -1.</param>
internal readonly record struct Popup(
    int Button, ImmutableArray<int> Characters, Box Bounds, int Columns, bool FromRight, int Chosen)
{
    private int Rows => (Characters.Length + Columns - 1) / Columns;

    /// <summary>The place of a variant; the first one is nearest to the key.</summary>
    public Box Cell(int index)
    {
        int column = FromRight ? Columns - 1 - (index % Columns) : index % Columns, row = Rows - 1 - (index / Columns);
        return new(
            Bounds.Left + (Bounds.Width * column / Columns),
            Bounds.Top + (Bounds.Height * row / Rows),
            Bounds.Left + (Bounds.Width * (column + 1) / Columns),
            Bounds.Top + (Bounds.Height * (row + 1) / Rows));
    }

    /// <summary>The variant that a finger means at a point; -1 where it is off. Below the cells, down to the key, it means the nearest.</summary>
    public int At(int x, int y)
    {
        int nearest = -1, distance = Cell(0).Height + 1;
        int low = y < Bounds.Bottom + (distance * 3 / 2) ? Math.Min(y, Bounds.Bottom - 1) : y;
        for (int i = 0; i < Characters.Length; i++)
        {
            int away = Cell(i).DistanceTo(x, low);
            if (away < distance)
            {
                (nearest, distance) = (i, away);
            }
        }

        return nearest;
    }
}

internal sealed partial class PadLayout
{
    private const float KeyboardUnits = 10;
    private const float WidestFunctionKey = 2;

    // The lowest row, in tenths of the width; the space bar takes what is left.
    private const float PageKeyUnits = 1.6f;
    private const float GlobeUnits = 1.2f;
    private const float ConfirmUnits = 2.4f;

    /// <summary>True where a finger that holds a key of that layout may hold it on, though the page has changed under it.</summary>
    public bool IsAnotherPageOf(PadLayout other) =>
        HasKeyboard(Arrangement) && (Arrangement, Width, Height) == (other.Arrangement, other.Width, other.Height);

    /// <summary>The button that stands in exactly this place, or -1.</summary>
    public int IndexOf(Box place)
    {
        for (int i = 0; i < Buttons.Length; i++)
        {
            if (Buttons[i].Bounds == place)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The variants of a key, with none chosen; null where it has none.</summary>
    /// <param name="button">Its place in the layout.</param>
    public Popup? PopupOf(int button)
    {
        var (key, variants) = (Buttons[button].Bounds, Buttons[button].Variants);
        if (variants.IsEmpty)
        {
            return null;
        }

        // The first variant stands right above the key, and the others on the side that has more room.
        int gap = Scaled(Gap / 2), width = key.Width + gap;
        bool fromRight = key.Left + key.Right > Width;
        int room = Math.Max((fromRight ? key.Right : Width - key.Left) / width, 1);
        int rows = (variants.Length + room - 1) / room, columns = (variants.Length + rows - 1) / rows;
        int left = fromRight ? key.Right - (columns * width) : key.Left;
        int bottom = Math.Max(key.Top - gap, rows * key.Height);
        return new(button, variants, new(left, bottom - (rows * key.Height), left + (columns * width), bottom), columns, fromRight, -1);
    }

    private static string KeyboardName(string keyboard) => KeyboardLayouts.Of(keyboard).Title;

    private static void AddKeyboardNames(ImmutableArray<PadButton>.Builder cells, string chosen)
    {
        foreach (var layout in KeyboardLayouts.All)
        {
            cells.Add(new(default, new(ButtonAction.TakeKeyboard, cells.Count), layout.Title, Look.Choice) { IsChosen = layout.Name == chosen });
        }
    }

    /// <summary>Rows of keys of a state's keyboard, with the one that holds the space bar.</summary>
    private static int KeyRowsOf(AgentState state) => KeyboardLayouts.Of(state.Choices.Keyboard).Rows(state.Page).Length + 1;

    /// <summary>The keyboard of a state's layout and page; letters need width more than margins: it spans its area.</summary>
    private void AddKeyboard(ImmutableArray<PadButton>.Builder buttons, Box area)
    {
        var rows = KeyboardLayouts.Of(kind.Keyboard).Rows(Page);
        int keyRows = rows.Length + 1;
        int keyHeight = (area.Height - ((keyRows - 1) * Space)) / keyRows;
        float units = Math.Max(Math.Max(KeyboardUnits, rows.Max(row => row.Length)), rows[^1].Length + 2);

        // Where twelve stand in a row, they need every pixel.
        int gap = Math.Max(2, Scaled(Gap / 2));
        var (before, after) = units > 11 ? (gap / 4, (gap + 2) / 4) : (gap / 2, gap / 2);
        for (int row = 0; row < keyRows; row++)
        {
            int y = area.Top + (row * (keyHeight + Space));
            var line = new KeyRow(buttons, area with { Top = y, Bottom = y + keyHeight }, before, after, units);
            if (row == keyRows - 1)
            {
                AddLowestRow(line with { Units = KeyboardUnits });
            }
            else if (row == keyRows - 2)
            {
                line.Add(rows[row], Math.Min((units - rows[row].Length) / 2, WidestFunctionKey), LeftKey(Page));
            }
            else
            {
                line.Add(rows[row]);
            }
        }
    }

    private static PadButton LeftKey(KeyboardPage page) => page switch
    {
        KeyboardPage.Symbols => new(default, new(ButtonAction.MoreSymbols), "=\\<", Look.Function),
        KeyboardPage.MoreSymbols => new(default, new(ButtonAction.Symbols), "?123", Look.Function),
        _ => new(default, new(ButtonAction.Shift), string.Empty, Look.Function) { Sign = Sign.Shift },
    };

    private void AddLowestRow(KeyRow row)
    {
        float globe = kind.HasOtherKeyboards ? GlobeUnits : 0;
        bool signs = Page is KeyboardPage.Symbols or KeyboardPage.MoreSymbols;
        float x = row.Add(0, PageKeyUnits, signs
            ? new(default, new(ButtonAction.Letters), KeyboardLayouts.Of(kind.Keyboard).FirstLetters, Look.Function)
            : new(default, new(ButtonAction.Symbols), "?123", Look.Function));
        if (kind.HasOtherKeyboards)
        {
            x = row.Add(x, globe, new(default, new(ButtonAction.NextKeyboard), string.Empty, Look.Function) { Sign = Sign.Globe });
        }

        x = row.Add(x, 1, new(default, new(ButtonAction.Type, ','), ",", Look.Key));
        x = row.Add(x, KeyboardUnits - PageKeyUnits - globe - 2 - ConfirmUnits, new(default, new(ButtonAction.Type, ' '), Language[Phrase.Space], Look.Key));
        x = row.Add(x, 1, new(default, new(ButtonAction.Type, '.'), ".", Look.Key));
        row.Add(x, ConfirmUnits, new(default, new(ButtonAction.Confirm), Language[IsPassphrase ? Phrase.Open : Phrase.Ok], Look.Primary));
    }

    /// <summary>A row of keys that lie beside each other; lengths in units, of which the place has so many.</summary>
    private readonly record struct KeyRow(ImmutableArray<PadButton>.Builder Buttons, Box Place, int GapBefore, int GapAfter, float Units)
    {
        /// <summary>Character keys in the middle of the row.</summary>
        public void Add(ImmutableArray<KeyboardKey> keys) => Add(keys, (Units - keys.Length) / 2);

        /// <summary>Character keys between a function key and Backspace.</summary>
        public void Add(ImmutableArray<KeyboardKey> keys, float functionUnits, PadButton left)
        {
            float margin = (Units - keys.Length - (2 * functionUnits)) / 2;
            float x = Add(keys, Add(margin, functionUnits, left));
            Add(x, functionUnits, new(default, new(ButtonAction.Backspace), string.Empty, Look.Function) { Sign = Sign.Backspace });
        }

        /// <returns>Where the next button begins.</returns>
        public float Add(float x, float units, PadButton button)
        {
            int left = (int)(Place.Left + (Place.Width * x / Units)), right = (int)(Place.Left + (Place.Width * (x + units) / Units));
            Buttons.Add(button with { Bounds = new(left + GapBefore, Place.Top, right - GapAfter, Place.Bottom) });
            return x + units;
        }

        private float Add(ImmutableArray<KeyboardKey> keys, float x)
        {
            foreach (var key in keys)
            {
                x = Add(x, 1, new(default, new(ButtonAction.Type, key.Character), key.Label, Look.Key) { Variants = key.Variants });
            }

            return x;
        }
    }
}
