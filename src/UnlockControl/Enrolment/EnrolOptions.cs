// SPDX-License-Identifier: GPL-3.0-or-later
// What the command line says of a change to who can open a volume.

namespace UnlockControl.Enrolment;

/// <summary>What a person asked for.</summary>
/// <param name="Volume">A crypttab name, a device or a UUID; null: the only one, or the root's.</param>
internal sealed record EnrolOptions(string? Volume)
{
    /// <summary>Public key files (--recipient).</summary>
    public IReadOnlyList<string> RecipientFiles { get; init; } = [];

    /// <summary>Ask for so many more cards (--another-card, may be repeated).</summary>
    public int MoreCards { get; init; }

    /// <summary>A file instead of a token (--key-file PATH); null: a token. Empty: the usual place under /etc/unlock-agent.</summary>
    public string? KeyFile { get; init; }

    /// <summary>A file that opens the volume instead of a typed passphrase (--unlock-key-file PATH).</summary>
    public string? UnlockKeyFile { get; init; }

    /// <summary>Go on where no card that stays can be put in (--without-test); never without a passphrase slot.</summary>
    public bool WithoutTest { get; init; }

    public bool DryRun { get; init; }

    /// <summary>Agree beforehand to what is shown: crypttab's change, whom the new key is for (--yes).</summary>
    public bool Yes { get; init; }
}
