// SPDX-License-Identifier: GPL-3.0-or-later
// What `unlockctl status` knows, as `--json` writes it: docs/unlockctl-json.md has every field. null: it could not be learned.
using System.Text.Json;
using System.Text.Json.Serialization;

namespace UnlockControl.Overview;

/// <summary>The whole system.</summary>
internal sealed record SystemReport
{
    /// <summary>Of this shape: it grows when a field changes its meaning or goes.</summary>
    public int Version { get; init; } = 1;

    public required IReadOnlyList<Problem> Problems { get; init; }

    /// <summary>Why no card can be seen; null: pcscd answers.</summary>
    public string? CardServiceFault { get; init; }

    public IReadOnlyList<string> Readers { get; init; } = [];

    public IReadOnlyList<SeenCard> Cards { get; init; } = [];

    /// <summary>Why crypttab cannot be read; null: it can.</summary>
    public string? CrypttabFault { get; init; }

    public IReadOnlyList<SeenVolume> Volumes { get; init; } = [];

    /// <summary>Why nothing is known of the images; null: all is.</summary>
    public string? ImagesFault { get; init; }

    public IReadOnlyList<SeenImage> Images { get; init; } = [];
}

/// <summary>What is wrong, and what to do next.</summary>
internal sealed record Problem(string What, string Next);

/// <summary>A card in a reader.</summary>
internal sealed record SeenCard(string Reader, string? Fault)
{
    public string Serial { get; init; } = "";

    public string Maker { get; init; } = "";

    /// <summary>Of the OpenPGP card specification.</summary>
    public string Specification { get; init; } = "";

    public string Holder { get; init; } = "";

    public string KeyType { get; init; } = "";

    /// <summary>Of the decryption key, in hexadecimal.</summary>
    public string Fingerprint { get; init; } = "";

    public int? TriesLeft { get; init; }

    public int? ResetCodeTriesLeft { get; init; }

    public int? AdminTriesLeft { get; init; }

    public bool NeedsTouch { get; init; }

    /// <summary>The volumes that it opens, by name.</summary>
    public IReadOnlyList<string> Opens { get; init; } = [];
}

/// <summary>A volume of crypttab.</summary>
internal sealed record SeenVolume(string Name, string Source)
{
    /// <summary>Its device; null: not there.</summary>
    public string? Device { get; init; }

    /// <summary>A boot asks for its card.</summary>
    public bool UsesCard { get; init; }

    /// <summary>Why its header cannot be read; null: it was.</summary>
    public string? Fault { get; init; }

    public string? Uuid { get; init; }

    /// <summary>"token", "file", or null: no key for a card.</summary>
    public string? Storage { get; init; }

    public string? KeyFile { get; init; }

    /// <summary>How many keyslots a passphrase or an ordinary key file opens; null: not known.</summary>
    public int? PassphraseSlots { get; init; }

    /// <summary>Keyslots for a random key that no token names: of a key file of its own, or left behind by a power cut.</summary>
    public IReadOnlyList<int> UnnamedKeyslots { get; init; } = [];

    public IReadOnlyList<SeenRecipient> Cards { get; init; } = [];
}

/// <summary>Somebody that a volume's key is encrypted to.</summary>
internal sealed record SeenRecipient(string Name, string Serial, string Fingerprint, string KeyType, bool IsPresent);

/// <summary>An initramfs image.</summary>
internal sealed record SeenImage(string Path, string Kernel, IReadOnlyList<string> Missing, IReadOnlyList<string> Newer);

/// <summary>Writes it without reflection, which a native binary has not.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SystemReport))]
internal sealed partial class ReportJson : JsonSerializerContext
{
    /// <summary>One JSON object.</summary>
    public static string Write(SystemReport report) => JsonSerializer.Serialize(report, Default.SystemReport);
}
