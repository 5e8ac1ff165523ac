// SPDX-License-Identifier: GPL-3.0-or-later
// Keys, cards and messages for the simulated card: gpg's own, from the recordings in tests/data/transcripts.

using CardSimulator;

namespace HostPhone;

/// <summary>A decryption key, a message to it, and what is in the message.</summary>
public sealed class CardKeys
{
    /// <summary>The PIN of every new card.</summary>
    public const string Pin = "123456";

    private readonly string folder;

    private CardKeys(string name)
    {
        Name = name;
        folder = Path.Combine(Checkout.Root, "tests", "data", "transcripts", name);
        Plain = File.ReadAllBytes(Path.Combine(folder, "plain"));
    }

    /// <summary>The recording's name.</summary>
    public string Name { get; }

    /// <summary>The message's file.</summary>
    public string MessageFile => Path.Combine(folder, "msg.gpg");

    /// <summary>What the agent must hand over.</summary>
    public byte[] Plain { get; }

    /// <summary>The keys of a recording.</summary>
    /// <param name="name">A folder in tests/data/transcripts.</param>
    public static CardKeys Get(string name) => new(name);

    /// <summary>A fresh card with the key: all tries left, PIN <see cref="Pin"/>.</summary>
    public VirtualCard NewCard(CardOptions? options = null)
    {
        var card = new VirtualCard(options);
        card.ImportDecryptionKey(Path.Combine(folder, "secret-test-key.gpg"));
        return card;
    }
}
