// SPDX-License-Identifier: GPL-3.0-or-later
// What stands in front of a screen: the power dialog, the menu, and the lists of languages and keyboards. Its answers lie where
// the thumb is.
using System.Collections.Immutable;
using UnlockAgent.Machine;
using UnlockAgent.Text;

namespace UnlockAgent.Screen;

internal sealed partial class PadLayout
{
    private const float ListRowHeight = 104;
    private const float ListColumnLeast = 250;
    private const float ListMost = 1100;
    private const float TitleMost = 380;
    private const int MostColumns = 4;

    private void PlaceDialog(ImmutableArray<PadButton>.Builder buttons, AgentState state)
    {
        ImmutableArray<PadButton> rows = state.Dialog == Dialog.Power ? PowerAnswers() : MenuRows(state);
        int bottom = Height - (viewport.IsWide ? Space : Edge);
        int least = viewport.IsWide ? Touch : Scaled(HeaderLeast);
        int height = Math.Min(Math.Max(Touch, Scaled(WideButtonHeight)), (bottom - least) / rows.Length - Space);
        int top = bottom - (rows.Length * (height + Space)) + Space;
        if (viewport.IsWide)
        {
            // In the middle of a screen that has room; a person looks there.
            top = Math.Max(least, Math.Min(top, (Height / 2) - Scaled(180)));
        }

        int first = top;
        foreach (var row in rows)
        {
            buttons.Add(row with { Bounds = Middle(new(Edge, top, Width - Edge, top + height), Scaled(WideButtonMost)) });
            top += height + Space;
        }

        PlaceTitle(first);
    }

    private ImmutableArray<PadButton> PowerAnswers() =>
    [
        new(default, new(ButtonAction.PowerOff), Language[Phrase.PowerOff], Look.Choice) { Sign = Sign.Power },
        new(default, new(ButtonAction.Restart), Language[Phrase.Restart], Look.Choice) { Sign = Sign.Restart },
        new(default, new(ButtonAction.Cancel), Language[Phrase.Cancel], Look.Function),
    ];

    private ImmutableArray<PadButton> MenuRows(AgentState state) =>
    [
        new(default, new(ButtonAction.NextTheme), Language[Phrase.Colours], Look.Choice)
        {
            Sign = Sign.Contrast,
            Value = Language[state.Choices.Theme switch
            {
                ThemeName.Light => Phrase.Light,
                ThemeName.HighContrast => Phrase.HighContrast,
                _ => Phrase.Dark,
            }],
        },
        new(default, new(ButtonAction.Languages), Language[Phrase.Language], Look.Choice) { Sign = Sign.Globe, Value = Language.Name },
        new(default, new(ButtonAction.Keyboards), Language[Phrase.Keyboard], Look.Choice)
        {
            Sign = Sign.Keyboard,
            Value = KeyboardName(state.Choices.Keyboard),
        },
        new(default, new(ButtonAction.Cancel), Language[Phrase.Close], Look.Function),
    ];

    /// <summary>As few columns as let every entry be as high as a finger; the last cell closes the list.</summary>
    private void PlaceList(ImmutableArray<PadButton>.Builder buttons, AgentState state)
    {
        var cells = ListCells(state);
        int left = Edge, right = Width - Edge;
        int title = Scaled(viewport.IsWide ? 100 : HeaderLeast);
        int columns = 0, height, top;
        do
        {
            columns++;
            int rows = ((cells.Length - 1) / columns) + 1;
            int room = Height - (2 * Space);
            height = Math.Min(Scaled(ListRowHeight), ((room - title) / rows) - Space);
            if (height < Touch && columns == MostColumns)
            {
                height = Math.Min(Touch, (room / rows) - Space);
            }

            top = Height - Space - (rows * (height + Space)) + Space;
        }
        while (height < Touch && columns < MostColumns);

        if (viewport.IsWide)
        {
            top -= Math.Max(0, (top - title - Space) / 2);
        }

        var area = Middle(new(left, top, right, Height - Space), Scaled(Math.Max(ListMost, columns * ListColumnLeast)));
        int width = (area.Width - ((columns - 1) * Space)) / columns;
        for (int i = 0; i < cells.Length; i++)
        {
            int x = area.Left + (i % columns * (width + Space)), y = top + (i / columns * (height + Space));
            buttons.Add(cells[i] with { Bounds = new(x, y, x + width, y + height) });
        }

        PlaceTitle(top);
    }

    private ImmutableArray<PadButton> ListCells(AgentState state)
    {
        var cells = ImmutableArray.CreateBuilder<PadButton>();
        if (state.Dialog == Dialog.Languages)
        {
            foreach (var language in Languages.All)
            {
                cells.Add(new(default, new(ButtonAction.TakeLanguage, cells.Count), language.Name, Look.Choice) { IsChosen = language == Language });
            }
        }
        else
        {
            AddKeyboardNames(cells, state.Choices.Keyboard);
        }

        cells.Add(new(default, new(ButtonAction.Cancel), Language[Phrase.Cancel], Look.Function));
        return cells.ToImmutable();
    }

    private void PlaceTitle(int bottom)
    {
        Header = new(Edge, Math.Max(0, bottom - Space - Scaled(TitleMost)), Width - Edge, Math.Max(0, bottom - Space));
        Entry = new(Edge, Header.Bottom, Width - Edge, Header.Bottom);
    }
}
