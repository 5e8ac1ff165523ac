// SPDX-License-Identifier: GPL-3.0-or-later
//
// The arm64 programs by themselves, under qemu-user with the libraries of an arm64 Debian tree: Skia, BouncyCastle and the compiler take
// other paths on that processor than on a PC's, where all their other tests run.

using System.Text;
using CardSimulator;
using EmulatedPhone;
using SkiaSharp;
using UnlockAgent.Shell;

namespace Boot.Tests;

public sealed class ArmProgramTests : IDisposable
{
    // Of 255, as for the golden pictures: Skia rounds a blended channel differently.
    private const int Tolerance = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private readonly string folder = Directory.CreateTempSubdirectory("unlock-agent-arm64").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Every_screen_of_the_arm64_agent_looks_as_it_does_here()
    {
        string theirs = Path.Combine(folder, "arm64"), ours = Path.Combine(folder, "here");
        HostCommand.Run(Emulated(Path.Combine(Architecture.Arm64.Binaries, "unlock-agent"), "--preview", theirs), Patience);
        Preview.Parse([ours], out _)!.Write();

        string[] names = NamesIn(ours);
        Assert.NotEmpty(names);
        Assert.Equal(names, NamesIn(theirs));
        Assert.All(names, name => Assert.Equal(0, CountDifferences(Path.Combine(theirs, name), Path.Combine(ours, name))));
    }

    /// <summary>Messages of GnuPG 2.2 (with an MDC) and 2.4 (OCB, for the second), to the kinds of key that cards have.</summary>
    [Theory]
    [InlineData("rsa2048")]
    [InlineData("cv25519")]
    [InlineData("nistp384")]
    [InlineData("brainpoolP512r1")]
    public void The_arm64_card_code_opens_the_message_of_a_card(string algorithm)
    {
        KeySet keys = KeySet.Get(algorithm);
        string message = Path.Combine(folder, "message");
        File.WriteAllBytes(message, keys.KeyFile);
        VirtualCard card = keys.NewCard();
        using PcscDaemon daemon = PcscDaemon.Start();
        using VpcdReader reader = daemon.NewReader(card);
        reader.Insert();

        // The end of the input after the first PIN ends the program once the key is out.
        string key = Path.Combine(folder, "key");
        HostCommand.Run(
            ["sh", "-c", "exec \"$@\" >\"$0\"", key, .. Emulated(Path.Combine(Repository.Out, "probe-arm64", "unlock-probe"), message)],
            Patience,
            Encoding.ASCII.GetBytes(KeySet.Pin + "\n"),
            new Dictionary<string, string> { [PcscDaemon.SocketVariable] = daemon.SocketPath });
        Assert.Equal(keys.LuksKey, File.ReadAllBytes(key));
        Assert.Equal(1, card.VerifyCount);
    }

    private static string[] NamesIn(string pictures) =>
        [.. Directory.GetFiles(pictures).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    private static int CountDifferences(string one, string other)
    {
        using SKBitmap a = SKBitmap.Decode(one), b = SKBitmap.Decode(other);
        Assert.Equal((a.Width, a.Height), (b.Width, b.Height));
        int count = 0;
        foreach ((SKColor left, SKColor right) in a.Pixels.Zip(b.Pixels))
        {
            count += IsNear(left.Red, right.Red) && IsNear(left.Green, right.Green) && IsNear(left.Blue, right.Blue) ? 0 : 1;
        }

        return count;
    }

    private static bool IsNear(byte one, byte other) => Math.Abs(one - other) <= Tolerance;

    private static string[] Emulated(string program, params string[] arguments) =>
        ["qemu-aarch64-static", "-L", PhoneImage.GetTree("bookworm", Architecture.Arm64), program, .. arguments];
}
