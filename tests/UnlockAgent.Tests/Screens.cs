// SPDX-License-Identifier: GPL-3.0-or-later
// The gallery's screens under the names that the tests use, and sizes to look at them in.
using CardUnlock;
using UnlockAgent.Machine;
using UnlockAgent.Screen;

namespace UnlockAgent.Tests;

internal static class Screens
{
    public static CardInfo Card => Gallery.Card;

    public static CardInfo Blocked => Gallery.Blocked;

    public static AgentState Fresh => Gallery.Fresh;

    public static AgentState PinPad => Gallery.PinPad;

    public static AgentState BlockedPin => Gallery.BlockedPin;

    public static AgentState ResetCode => Gallery.ResetCode;

    public static AgentState NewPin => Gallery.NewPin;

    public static AgentState RepeatPin => Gallery.RepeatPin;

    public static AgentState TouchMissed => Gallery.TouchMissed;

    public static AgentState Keyboard => Gallery.Keyboard;

    public static IReadOnlyDictionary<string, AgentState> All => Gallery.All;
}
