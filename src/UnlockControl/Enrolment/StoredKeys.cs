// SPDX-License-Identifier: GPL-3.0-or-later
// What a volume holds of ours: the encrypted key, in tokens of its header (docs/luks2-token.md) or in the file that crypttab names, with
// the keyslots that it opens. unlockctl makes one message for all cards; tokens made by hand may be several.
using System.Buffers;
using System.Globalization;
using System.Text.Json;
using CardUnlock;
using UnlockControl.Volumes;

namespace UnlockControl.Enrolment;

/// <summary>One message, and who can open it.</summary>
/// <param name="Message">The OpenPGP message.</param>
/// <param name="Recipients">Those whose public keys are known.</param>
/// <param name="Missing">The key ids of the others; 0: a hidden one.</param>
/// <param name="Keyslots">Those that its token says it opens; a key file has none of its own.</param>
internal sealed record StoredKey(
    EncryptedKey Message, IReadOnlyList<Recipient> Recipients, IReadOnlyList<ulong> Missing, IReadOnlyList<int> Keyslots);

/// <summary>Everything of ours on one volume.</summary>
internal sealed class StoredKeys
{
    /// <summary>Names the keyslot of a key file's key, so that nobody takes it for a passphrase's.</summary>
    public const string MarkType = "unlock-agent-keyfile";

    private const string FileField = "file";

    /// <summary>Behind a key file's name: the recipients' public keys.</summary>
    public const string PublicKeysSuffix = ".pub";

    private readonly List<StoredKey> keys = [];
    private readonly List<HeaderToken> tokens = [];
    private readonly HashSet<int> keyslots = [];
    private readonly HashSet<int> othersKeyslots = [];

    private StoredKeys(string? file) => File = file;

    /// <summary>The sound messages.</summary>
    public IReadOnlyList<StoredKey> Keys => keys;

    /// <summary>The tokens of ours, sound or not, and the mark of a key file.</summary>
    public IReadOnlyList<HeaderToken> Tokens => tokens;

    /// <summary>The key file that crypttab names, or that a mark remembers; null: tokens.</summary>
    public string? File { get; private set; }

    /// <summary>The keyslots that our tokens name and no other program's do, in ascending order.</summary>
    public IReadOnlyList<int> Keyslots => [.. keyslots.Except(othersKeyslots).Order()];

    /// <summary>The keyslots that our tokens name and some other program's too.</summary>
    public IReadOnlyList<int> Shared => [.. keyslots.Intersect(othersKeyslots).Order()];

    /// <summary>Everybody that some message is encrypted to, each once.</summary>
    public IReadOnlyList<Recipient> Recipients =>
        [.. keys.SelectMany(static key => key.Recipients).DistinctBy(static recipient => Convert.ToHexString(recipient.Fingerprint))];

    /// <summary>The key ids of those whose public keys nobody has.</summary>
    public IReadOnlyList<ulong> Missing => [.. keys.SelectMany(static key => key.Missing).Distinct()];

    /// <summary>A passphrase opens some message too, without a card.</summary>
    public bool HasPassphrase => keys.Exists(static key => key.Message.HasPassphrase);

    /// <summary>Reads the header's tokens, and the key file where the entry is ours and names one.</summary>
    public static StoredKeys Read(LuksVolume volume, CrypttabEntry entry)
    {
        bool namesFile = entry.IsOurs && entry.Key.StartsWith('/');
        var stored = new StoredKeys(namesFile ? entry.Key : null);
        foreach (var token in volume.Tokens)
        {
            stored.Take(token);
        }

        if (stored.File is { } file)
        {
            stored.TakeFile(file);
        }

        return stored;
    }

    /// <summary>The mark for the keyslot of a key file's key.</summary>
    public static byte[] MarkFor(int keyslot, string file)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteString("type", MarkType);
            writer.WriteStartArray("keyslots");
            writer.WriteStringValue(keyslot.ToString(CultureInfo.InvariantCulture));
            writer.WriteEndArray();
            writer.WriteString(FileField, file);
            writer.WriteEndObject();
        }

        return json.WrittenSpan.ToArray();
    }

    private void Take(HeaderToken token)
    {
        var fault = LuksToken.Parse(token.Json, out var parsed);
        if (fault == TokenFault.OtherType)
        {
            bool isMark = ReadFields(token.Json, out var named) == MarkType;
            (isMark ? keyslots : othersKeyslots).UnionWith(named);
            if (isMark)
            {
                tokens.Add(token);
                File ??= MarkedFile(token);
            }

            return;
        }

        tokens.Add(token);
        if (parsed is null || EncryptedKey.Parse(parsed.Message, parsed.PublicKeys, out var message) != MessageFault.None)
        {
            return;
        }

        keyslots.UnionWith(parsed.Keyslots);
        keys.Add(new StoredKey(message!, Recipient.OfToken(parsed, out var missing), missing, parsed.Keyslots));
    }

    private void TakeFile(string path)
    {
        byte[] file = ReadFile(path);
        byte[] publicKeys = ReadFile(path + PublicKeysSuffix);
        if (file.Length > 0 && EncryptedKey.Parse(file, publicKeys, out var message) == MessageFault.None)
        {
            keys.Add(new StoredKey(message!, Recipient.OfMessage(file, publicKeys, out var missing), missing, []));
        }
    }

    private static byte[] ReadFile(string path)
    {
        try
        {
            var info = new FileInfo(path);
            return info.Exists && info.Length <= EncryptedKey.MaxFileLength ? System.IO.File.ReadAllBytes(path) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new Refusal(ExitCode.Failure, $"{path} cannot be read: {e.Message}");
        }
    }

    private static string? MarkedFile(HeaderToken token)
    {
        using var document = JsonDocument.Parse(token.Json);
        bool isNamed = document.RootElement.TryGetProperty(FileField, out var file) && file.ValueKind == JsonValueKind.String;
        return isNamed ? file.GetString() : null;
    }

    /// <summary>What LUKS2 demands of every token: a type and an array of keyslots.</summary>
    private static string ReadFields(byte[] json, out IReadOnlyList<int> keyslots)
    {
        keyslots = [];
        try
        {
            using var document = JsonDocument.Parse(json);
            keyslots = [.. document.RootElement.GetProperty("keyslots").EnumerateArray()
                .Select(static slot => int.Parse(slot.GetString()!, NumberStyles.None, CultureInfo.InvariantCulture))];
            return document.RootElement.GetProperty("type").GetString() ?? "";
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return "";
        }
    }
}
