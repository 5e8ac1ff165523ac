// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the agent does with a card, for tests that have pcscd running elsewhere: the card library in this process.

using System.Diagnostics;
using System.Text;
using CardSimulator;
using CardUnlock;

namespace Hooks.Tests;

/// <summary>
/// Where this process finds pcscd. libpcsclite settles on a socket at its first call: on a link, which each test points
/// at its own.
/// </summary>
public sealed class CardSocket : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("pcsc-").FullName;

    public CardSocket() => PcscDaemon.UseInThisProcess(Link);

    private string Link => Path.Combine(folder, "socket");

    public void PointAt(string path)
    {
        File.Delete(Link);
        File.CreateSymbolicLink(Link, path);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}

/// <summary>Tests that use the card library run one after the other: a process has one pcscd.</summary>
[CollectionDefinition(Name)]
public sealed class CardLibrary : ICollectionFixture<CardSocket>
{
    public const string Name = "card library";
}

internal static class CardHost
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly byte[] Plain = [.. Enumerable.Range(0, 64).Select(i => (byte)(i * 5))];

    /// <summary>gpg makes a key, moves it to the card, over this very reader, and encrypts to it.</summary>
    public static EncryptedKey KeyOnCard(VirtualCard card, Sec1210Reader reader, string algorithm)
    {
        reader.Insert();
        byte[] message;
        using (PcscDaemon daemon = PcscDaemon.StartWith(reader.Configuration("Setup")))
        using (GpgHome home = new(daemon))
        {
            var key = home.GenerateKey(algorithm);
            home.KeyToCard(key);
            var plain = Path.Combine(home.Folder, "plain");
            File.WriteAllBytes(plain, Plain);
            home.Encrypt(plain, plain + ".gpg", key);
            message = File.ReadAllBytes(plain + ".gpg");
        }

        reader.Remove();
        card.ClearLog();
        Assert.Equal(MessageFault.None, EncryptedKey.Parse(message, out EncryptedKey? parsed));
        return parsed!;
    }

    public static SecretBuffer Pin(string digits)
    {
        var pin = SecretBuffer.Allocate(digits.Length);
        Assert.True(pin.TryAppend(Encoding.UTF8.GetBytes(digits)));
        return pin;
    }

    public static T WaitFor<T>(CardMonitor monitor)
        where T : CardStatus
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            var status = Within(Task.Run(monitor.Wait));
            if (status is T wanted)
            {
                return wanted;
            }

            Assert.True(Stopwatch.GetElapsedTime(start) < Patience, status.ToString());
        }
    }

    public static CardStatus Within(Task<CardStatus> wait)
    {
        Assert.True(wait.Wait(Patience), "the wait does not end");
        return wait.Result;
    }

    public static void AssertKey(UnlockResult result)
    {
        using var secret = Assert.IsType<UnlockResult.Key>(result).Secret;
        Assert.Equal(Plain, secret.Span.ToArray());
    }
}
