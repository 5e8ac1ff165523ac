// SPDX-License-Identifier: GPL-3.0-or-later
// What a shell may complete beside commands and options. A completion never fails and never asks: what cannot be read is left out.
using CardUnlock;
using UnlockControl.Overview;
using UnlockControl.Volumes;

namespace UnlockControl.Commands;

internal static class Known
{
    /// <summary>The names in crypttab.</summary>
    public static IEnumerable<string> Volumes()
    {
        try
        {
            return [.. Crypttab.Read(SystemLook.CrypttabPath).Entries.Select(entry => entry.Name)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>The serial numbers of the cards in the readers.</summary>
    public static IEnumerable<string> Cards() => Ask(desk => desk.Look().Where(card => card.Fault is null).Select(card => card.Serial));

    /// <summary>The readers' names.</summary>
    public static IEnumerable<string> Readers() => Ask(desk => desk.Readers());

    private static string[] Ask(Func<CardDesk, IEnumerable<string>> question)
    {
        try
        {
            using CardDesk desk = CardDesk.Open();
            return [.. question(desk)];
        }
        catch (PcscException)
        {
            return [];
        }
    }
}
