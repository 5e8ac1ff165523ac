// SPDX-License-Identifier: GPL-3.0-or-later
// One pcscd, one reader, one simulated card with a key that gpg made and moved there, and one message to it. This file: what is timed.

using System.Diagnostics;
using CardSimulator;

namespace CardBench;

/// <summary>Where both peers unlock. Whoever's turn it is has the card to itself.</summary>
internal sealed partial class CardLab : IDisposable
{
    /// <summary>How many one process of ours does.</summary>
    public const int UnlocksAtOnce = 5;

    private const string Pin = "123456";
    private const int KeyLength = 64;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly PcscDaemon daemon = PcscDaemon.Start("Bench reader");
    private readonly VirtualCard card = new();
    private readonly VpcdReader reader;
    private readonly GpgHome home;
    private readonly string probe;
    private readonly string message;
    private readonly byte[] key = new byte[KeyLength];
    private string socket;

    public CardLab(string algorithm, string probe)
    {
        this.probe = probe;
        socket = daemon.SocketPath;
        reader = daemon.NewReader(card);
        reader.Insert();
        home = new GpgHome(daemon);
        string fingerprint = home.GenerateKey(algorithm);
        home.KeyToCard(fingerprint);
        new Random(1).NextBytes(key);
        string plain = Path.Combine(home.Folder, "key");
        message = plain + ".gpg";
        File.WriteAllBytes(plain, key);
        home.Encrypt(plain, message, fingerprint);
        card.AnswersAtOnce = true;
        bootHome = NewBootHome(fingerprint);
        EndGpg();
    }

    /// <summary>What the simulated card itself works for one unlock.</summary>
    public TimeSpan WorkOfOneUnlock { get; private set; }

    /// <summary>Five unlocks in one process.</summary>
    /// <param name="times">Takes their times in milliseconds.</param>
    public void UnlockByProbe(List<double> times)
    {
        using Process process = StartProbe();
        for (int i = 0; i < UnlocksAtOnce; i++)
        {
            Expect(process, "ready");
            TimeSpan work = card.WorkTime;
            process.StandardInput.Write(Pin + '\n');
            process.StandardInput.Flush();
            string opened = Expect(process, "opened");
            Check(Read(process.StandardOutput.BaseStream, KeyLength));
            times.Add(double.Parse(opened.Split(' ')[1]) / 1000);
            WorkOfOneUnlock = card.WorkTime - work;
        }

        process.StandardInput.Close();
        process.WaitForExit();
    }

    /// <summary>One gpg --decrypt, in milliseconds.</summary>
    public double DecryptByGpg(bool cold)
    {
        if (cold)
        {
            EndGpg();
        }

        string[] arguments = ["--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase-fd", "0", "--decrypt", message];
        return TimeOf(home.Folder, Pin + '\n', "gpg", arguments);
    }

    /// <summary>Ends gpg's daemons, which lets go of the card.</summary>
    public void EndGpg() => EndGpg(home.Folder);

    public void Dispose()
    {
        Directory.Delete(bootHome, recursive: true);
        home.Dispose();
        reader.Dispose();
        daemon.Dispose();
    }

    private static void EndGpg(string folder)
    {
        ProcessStartInfo start = new("gpgconf", ["--kill", "all"]);
        start.Environment["GNUPGHOME"] = folder;
        using Process process = Process.Start(start)!;
        process.WaitForExit();

        // They are told to end and take their time: an agent that still answers would not be a cold one.
        if (!SpinWait.SpinUntil(() => !Directory.EnumerateFiles(folder, "S.*").Any(), Patience))
        {
            throw new TimeoutException("gpg's daemons do not end.");
        }
    }

    // From the start of a program that decrypts the message to the key's last byte.
    private double TimeOf(string gpgFolder, string input, string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["GNUPGHOME"] = gpgFolder;
        start.Environment[PcscDaemon.SocketVariable] = socket;
        long begun = Stopwatch.GetTimestamp();
        using Process process = Process.Start(start)!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        byte[] plain = Read(process.StandardOutput.BaseStream, KeyLength);
        double time = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
        process.WaitForExit();
        Check(plain);
        return time;
    }

    private Process StartProbe(params string[] options)
    {
        ProcessStartInfo start = new(probe, [message, .. options])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[PcscDaemon.SocketVariable] = socket;
        return Process.Start(start)!;
    }

    private static byte[] Read(Stream stream, int length)
    {
        byte[] bytes = new byte[length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static string Expect(Process process, string word)
    {
        string? line = process.StandardError.ReadLine();
        return line?.StartsWith(word, StringComparison.Ordinal) == true
            ? line
            : throw new InvalidOperationException($"The probe says \"{line}\" and not \"{word}\".");
    }

    private void Check(byte[] plain)
    {
        if (!plain.AsSpan().SequenceEqual(key))
        {
            throw new InvalidOperationException("Not the key.");
        }
    }
}
