// SPDX-License-Identifier: GPL-3.0-or-later
// A console without a kernel.

using Input.Native;

namespace Input.Tests;

/// <summary>A console's tables; shift, control and the like are what they are everywhere.</summary>
internal sealed class FakeSymbols : IKeySymbols
{
    private readonly Dictionary<(int, int), ushort> table = [];
    private readonly Dictionary<int, ushort> everywhere = new()
    {
        [KeyCode.LeftShift] = 0x700 | KeyboardSymbols.KG_SHIFT,
        [KeyCode.RightShift] = 0x700 | KeyboardSymbols.KG_SHIFT,
        [KeyCode.AltGr] = 0x700 | KeyboardSymbols.KG_ALTGR,
    };

    public Dictionary<(int Accent, int Character), int> Accents { get; } = [];

    public int Asked { get; private set; }

    public ushort this[int modifiers, int code]
    {
        set => table[(modifiers, code)] = value;
    }

    public void Everywhere(int code, ushort symbol) => everywhere[code] = symbol;

    public ushort At(int modifiers, int code)
    {
        Asked++;
        return table.TryGetValue((modifiers, code), out ushort symbol) || everywhere.TryGetValue(code, out symbol) ? symbol
            : code == KeyCode.CapsLock && modifiers < 4 ? KeyboardSymbols.K_CAPS
            : KeyboardSymbols.K_HOLE;
    }

    public int Compose(int accent, int character) => Accents.GetValueOrDefault((accent, character));
}
