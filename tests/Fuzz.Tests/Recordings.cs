// SPDX-License-Identifier: GPL-3.0-or-later

namespace Fuzz.Tests;

/// <summary>The recordings of real cards in tests/data/transcripts.</summary>
internal static class Recordings
{
    public static string Root { get; } = Path.Combine(FuzzTarget.Root, "..", "transcripts");

    /// <summary>Cipher id and key.</summary>
    public static byte[] SessionKey(string recording)
    {
        string[] parts = File.ReadAllText(Path.Combine(Root, recording, "session-key")).Trim().Split(':');
        return [byte.Parse(parts[0]), .. Convert.FromHexString(parts[1])];
    }
}
