// SPDX-License-Identifier: GPL-3.0-or-later
// The card's memory as a file that outlives the program.

namespace CardSimulator;

public sealed partial class VirtualCard
{
    /// <summary>A card with the keys, PINs and counters of a state file.</summary>
    /// <exception cref="InvalidDataException">The file holds no card.</exception>
    public static VirtualCard Load(string path, CardOptions? options = null) =>
        new(options) { memory = CardMemory.Load(path) };

    /// <summary>Writes keys, PINs and counters, openly, into a state file.</summary>
    public void Save(string path)
    {
        lock (gate)
        {
            memory.Save(path);
        }
    }
}
