// SPDX-License-Identifier: GPL-3.0-or-later
// One recording of tests/data/transcripts: what a real card program answered while gpg decrypted a message with it.

namespace CardUnlock.Tests;

internal sealed class Transcript
{
    private Transcript(string folder)
    {
        Message = File.ReadAllBytes(Path.Combine(folder, "msg.gpg"));
        Plain = File.ReadAllBytes(Path.Combine(folder, "plain"));
        string[] sessionKey = File.ReadAllText(Path.Combine(folder, "session-key")).Trim().Split(':');
        SessionKey = [byte.Parse(sessionKey[0]), .. Convert.FromHexString(sessionKey[1])];
        Exchanges = Read(Path.Combine(folder, "apdu.txt"));
    }

    /// <summary>The checkout's root.</summary>
    public static string Solution { get; } = FindSolution(AppContext.BaseDirectory);

    public static string Root { get; } = Path.Combine(Solution, "tests", "data", "transcripts");

    public byte[] Message { get; }

    public byte[] Plain { get; }

    /// <summary>Cipher id and key.</summary>
    public byte[] SessionKey { get; }

    /// <summary>Commands with their parts joined, and the whole answer to each.</summary>
    public IReadOnlyList<Exchange> Exchanges { get; }

    public static Transcript Load(string name) => new(Path.Combine(Root, name));

    public static IEnumerable<string> Names => Directory.GetDirectories(Root).Select(folder => Path.GetFileName(folder)).Order();

    public EncryptedKey Parse()
    {
        Assert.Equal(MessageFault.None, EncryptedKey.Parse(Message, out EncryptedKey? message));
        return message!;
    }

    private static string FindSolution(string folder) =>
        File.Exists(Path.Combine(folder, "UnlockAgent.sln")) ? folder : FindSolution(Path.GetDirectoryName(folder)!);

    private static List<Exchange> Read(string path)
    {
        List<Exchange> exchanges = [];
        List<byte> data = [];
        byte[] header = [];
        bool begun = false;
        foreach (string line in File.ReadLines(path))
        {
            if (line.StartsWith("send apdu:", StringComparison.Ordinal))
            {
                data.Clear();
                begun = false;
            }
            else if (line.StartsWith("PCSC_data:", StringComparison.Ordinal))
            {
                byte[] command = Hex(line[10..]);
                if (command[1] == 0xC0 && begun)
                {
                    continue;
                }

                begun = true;
                header = [0x00, command[1], command[2], command[3]];
                data.AddRange(CommandBytes.Data(command));
            }
            else if (line.StartsWith("response:", StringComparison.Ordinal))
            {
                int sw = Convert.ToInt32(line.Split("sw=")[1][..4], 16);
                exchanges.Add(new Exchange(header, [.. data], [], (ushort)(sw >> 8 == 0x61 ? 0x9000 : sw)));
            }
            else if (line.StartsWith("dump:", StringComparison.Ordinal) && !line.Contains('[', StringComparison.Ordinal))
            {
                exchanges[^1] = exchanges[^1] with { Answer = Hex(line[5..]) };
            }
        }

        return exchanges;
    }

    private static byte[] Hex(string text) => Convert.FromHexString(text.Replace(" ", "", StringComparison.Ordinal).Trim());
}

/// <summary>CLA-less header, joined data, joined answer, status.</summary>
internal sealed record Exchange(byte[] Header, byte[] Data, byte[] Answer, ushort Status);

internal static class CommandBytes
{
    /// <summary>The data field of a short or extended command APDU.</summary>
    public static byte[] Data(byte[] command)
    {
        if (command.Length <= 5)
        {
            return [];
        }

        if (command[4] != 0)
        {
            return command[5..(5 + command[4])];
        }

        int length = (command[5] << 8) | command[6];
        return command.Length == 7 ? [] : command[7..(7 + length)];
    }
}
