// SPDX-License-Identifier: GPL-3.0-or-later

namespace CardSimulator;

/// <summary>A slot that the card can be put into and pulled out of.</summary>
public interface ICardReader : IDisposable
{
    bool IsInserted { get; }

    /// <summary>Puts the card in. Does nothing where it is in already.</summary>
    void Insert();

    /// <summary>Pulls the card out, also in the middle of a command. Does nothing where it is out already.</summary>
    void Remove();
}
