// SPDX-License-Identifier: GPL-3.0-or-later
// What changes who can open a volume: enroll, add-card, remove-card, rotate are one work, "a new key for these recipients".
using CardUnlock;
using UnlockControl.Terminal;
using UnlockControl.Volumes;

namespace UnlockControl.Enrolment;

/// <summary>What a person asked for.</summary>
/// <param name="Volume">A crypttab name, a device or a UUID; null: the only one, or the root's.</param>
internal sealed record EnrolOptions(string? Volume)
{
    /// <summary>Public key files (--recipient).</summary>
    public IReadOnlyList<string> RecipientFiles { get; init; } = [];

    /// <summary>Ask for so many more cards (--another-card, may be repeated).</summary>
    public int MoreCards { get; init; }

    /// <summary>A file instead of a token (--key-file PATH); null: a token.</summary>
    public string? KeyFile { get; init; }

    /// <summary>A file that opens the volume instead of a typed passphrase (--unlock-key-file PATH).</summary>
    public string? UnlockKeyFile { get; init; }

    public bool DryRun { get; init; }

    /// <summary>Answer yes to what is no danger (--yes).</summary>
    public bool Yes { get; init; }

    /// <summary>No card that stays can be put in to prove the new key (--without-test).</summary>
    public bool WithoutTest { get; init; }
}

internal sealed class Enroller(IPrompt prompt)
{
    public ExitCode Enroll(EnrolOptions options) => throw new NotSupportedException(prompt.ToString());

    public ExitCode AddCard(EnrolOptions options) => throw new NotSupportedException();

    /// <param name="card">A serial number, a name or a fingerprint's end, as `list` prints it.</param>
    /// <param name="evenTheLast">Told twice: --even-the-last-way-in and the typed volume's name.</param>
    public ExitCode RemoveCard(EnrolOptions options, string card, bool evenTheLast) => throw new NotSupportedException();

    public ExitCode Rotate(EnrolOptions options) => throw new NotSupportedException();

    /// <param name="all">Every entry of ours: what the package's removal asks for. Keyslots and tokens stay where <paramref name="keepKeys"/>.</param>
    public ExitCode Disable(EnrolOptions options, bool all, bool keepKeys) => throw new NotSupportedException();

    public ExitCode Test(EnrolOptions options) => throw new NotSupportedException();

    public ExitCode BackupHeader(EnrolOptions options, string file) => throw new NotSupportedException();
}
