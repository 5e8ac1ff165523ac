// SPDX-License-Identifier: GPL-3.0-or-later
// The tokens of a LUKS2 header, read through cryptsetup: once for which of them are ours, once for each of those. (Each run costs
// the same, and a try of a number without a token costs most.) A token that cannot be used is a line in the log where another can.
using System.Globalization;
using CardUnlock;
using UnlockAgent.Machine;

namespace UnlockAgent.Shell;

internal static class HeaderTokens
{
    /// <summary>cryptroot's hook puts it there, and opens the disk with it.</summary>
    public const string Cryptsetup = "/sbin/cryptsetup";

    // A header is read in some milliseconds; a disk that must spin up first takes seconds.
    private const int PatienceMilliseconds = 30_000;

    /// <summary>Reads every token of ours.</summary>
    /// <param name="device">What holds the header.</param>
    /// <param name="messages">Those of the sound ones, in the order of their numbers.</param>
    public static KeyFileFault Read(string? device, out IReadOnlyList<EncryptedKey> messages)
    {
        messages = [];
        if (string.IsNullOrEmpty(device))
        {
            return KeyFileFault.UnreadableHeader;
        }

        byte[]? metadata = ChildProgram.Run(
            Cryptsetup, ["luksDump", "--dump-json-metadata", "--", device], LuksMetadata.MaxLength, PatienceMilliseconds);
        if (metadata is null || !LuksMetadata.TryFindTokens(metadata, out var tokens))
        {
            return KeyFileFault.UnreadableHeader;
        }

        messages = [.. tokens.Select(token => ReadToken(device, token)).OfType<EncryptedKey>()];
        return messages.Count > 0 ? KeyFileFault.None
            : tokens.Count > 0 ? KeyFileFault.DamagedToken
            : KeyFileFault.NoToken;
    }

    private static EncryptedKey? ReadToken(string device, int number)
    {
        string id = number.ToString(CultureInfo.InvariantCulture);
        byte[]? json = ChildProgram.Run(
            Cryptsetup, ["token", "export", "--token-id", id, "--", device], LuksToken.MaxLength, PatienceMilliseconds);
        if (json is null)
        {
            return null;
        }

        string place = $"token {id} of {device}";
        var tokenFault = LuksToken.Parse(json, out var token);
        if (token is null)
        {
            Log.Write($"{place} is passed over: {tokenFault}");
            return null;
        }

        var wanted = token.Cards.Count > 0 ? token.Cards : null;
        var messageFault = KeySource.Parse(place, token.Message, token.PublicKeys, wanted, out var message);
        if (message is null)
        {
            Log.Write($"{place} is passed over: {messageFault}");
        }

        return message;
    }
}
