// SPDX-License-Identifier: GPL-3.0-or-later
// No secret stays behind: the card half of the agent, built as the agent is (out/probe/unlock-probe, by build.sh), unlocks
// through pcscd and stops twice, with the key at hand and after it was handed over; its memory is searched from outside.

using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using CardSimulator;

namespace CardUnlock.Tests;

[Collection(OnePcscd.Name)]
public sealed class MemoryTests(PcscFixture pcsc)
{
    // A part of a secret is a secret: what is searched for are pieces of this length, anywhere.
    private const int PieceLength = 12;

    private static readonly string Probe = Path.Combine(Transcript.Root, "..", "..", "..", "out", "probe", "unlock-probe");

    [Theory]
    [InlineData("rsa2048", "--cipher-algo", "AES256", "--compress-algo", "none")]
    [InlineData("cv25519", "--cipher-algo", "AES256", "--compress-algo", "none")]
    [InlineData("cv25519", "--cipher-algo", "AES256", "--compress-algo", "zlib")]
    [InlineData("cv25519", "--cipher-algo", "AES", "--compress-algo", "zip")]
    [InlineData("nistp256", "--cipher-algo", "TWOFISH", "--compress-algo", "none")]
    [InlineData("rsa2048", "--cipher-algo", "CAMELLIA256", "--compress-algo", "none")]
    [InlineData("cv25519", "--cipher-algo", "3DES", "--compress-algo", "bzip2")]
    public void No_secret_is_found_in_memory_beside_the_one_key_buffer(string algorithm, params string[] options)
    {
        byte[] key = RandomNumberGenerator.GetBytes(64);
        AssertClean(pcsc.Keys.Card(algorithm), pcsc.Keys.Message(key, [algorithm], options), [], key);
    }

    [Theory]
    [InlineData(PacketMaker.Ocb)]
    [InlineData(PacketMaker.Eax)]
    [InlineData(PacketMaker.Gcm)]
    public void No_secret_of_an_aead_message_is_found(byte aead)
    {
        byte[] scalar = RandomNumberGenerator.GetBytes(32);
        var soft = new SoftCard(SoftCard.X25519, SoftCard.Oid25519, 6, scalar);
        byte[] key = RandomNumberGenerator.GetBytes(64);
        byte[] sessionKey = [9, .. RandomNumberGenerator.GetBytes(32)];
        byte[] data = PacketMaker.Aead(aead, sessionKey, PacketMaker.Literal(key), chunkSize: 10);
        byte[] message = [.. soft.SessionKeyPacket(sessionKey, 6), .. data];
        var card = new VirtualCard();
        card.ImportX25519DecryptionKey([.. scalar.Reverse()], soft.Fingerprint[..20], DateTimeOffset.UnixEpoch);
        AssertClean(card, message, soft.PublicKey("Ann"), key);
    }

    private void AssertClean(VirtualCard card, byte[] message, byte[] publicKeys, byte[] key)
    {
        byte[] pin = Encoding.ASCII.GetBytes(Convert.ToHexString(RandomNumberGenerator.GetBytes(12)));
        card.SetUserPin(pin);
        Assert.Equal(MessageFault.None, EncryptedKey.Parse(message, publicKeys, out EncryptedKey? parsed));
        Dictionary<string, byte[]> secrets = Secrets(card, parsed!, pin);
        card.PowerOff();
        using VpcdReader reader = pcsc.Reader(card);
        reader.Insert();
        string folder = Directory.CreateTempSubdirectory("memory-").FullName;
        string file = Path.Combine(folder, "message");
        File.WriteAllBytes(file, message);
        File.WriteAllBytes(file + ".pub", publicKeys);
        using Process probe = Start(file, publicKeys.Length > 0);
        try
        {
            Say(probe, "ready", [.. pin, (byte)'\n']);
            Expect(probe, "opened");
            Assert.InRange(ProcessMemory.Find(probe.Id, key).Count, 1, 1);

            // What may lie on the managed heap is found there: the search sees that, too.
            Assert.NotEmpty(ProcessMemory.Find(probe.Id, message[^PieceLength..]));
            AssertNone(probe, secrets);
            Say(probe, null, "\n"u8.ToArray());
            Assert.Equal(key, Output(probe, key.Length));
            Expect(probe, "handed over");
            AssertNone(probe, secrets);
            AssertNone(probe, new() { ["key"] = key });
            Say(probe, null, "\n"u8.ToArray());
        }
        finally
        {
            probe.Kill();
            probe.WaitForExit();
            Directory.Delete(folder, recursive: true);
        }
    }

    // What the same unlock comes by on its way, seen in this process.
    private static Dictionary<string, byte[]> Secrets(VirtualCard card, EncryptedKey message, byte[] pin)
    {
        using var application = new OpenPgpCard(new CardTransport(card), false, true);
        Assert.True(application.Select().IsOk);
        CardData data = application.ReadCardData()!;
        using SecretBuffer given = SecretBuffer.Allocate(pin.Length);
        given.TryAppend(pin);
        Assert.True(application.Verify(given).IsOk);
        SessionKeyPacket packet = message.CandidatesFor(data).First();
        byte[] answer = application.Decipher(packet.Cryptogram(data)).Data.ToArray();
        packet.SessionKey(data, answer, out SecretBuffer? sessionKey);
        using (sessionKey)
        {
            return new() { ["PIN"] = pin, ["session key"] = sessionKey!.Span[1..].ToArray(), ["card's answer"] = answer };
        }
    }

    private static void AssertNone(Process probe, Dictionary<string, byte[]> secrets)
    {
        List<string> found = [];
        foreach ((string name, byte[] secret) in secrets)
        {
            for (int at = 0; at + PieceLength <= secret.Length; at += PieceLength)
            {
                found.AddRange(ProcessMemory.Find(probe.Id, secret[at..(at + PieceLength)])
                    .Select(hit => $"{name} from byte {at} in {hit.Region} at {hit.Address:X}"));
            }
        }

        Assert.Empty(found);
    }

    private Process Start(string file, bool hasPublicKeys)
    {
        Assert.True(File.Exists(Probe), "The probe is built by ./build.sh test.");
        ProcessStartInfo start = new(Probe, [file, "--hold", .. hasPublicKeys ? [file + ".pub"] : Array.Empty<string>()])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        pcsc.ApplyTo(start);
        return Process.Start(start)!;
    }

    private static void Say(Process probe, string? after, byte[] line)
    {
        if (after is not null)
        {
            Expect(probe, after);
        }

        probe.StandardInput.BaseStream.Write(line);
        probe.StandardInput.BaseStream.Flush();
    }

    private static void Expect(Process probe, string word) =>
        Assert.StartsWith(word, probe.StandardError.ReadLine(), StringComparison.Ordinal);

    private static byte[] Output(Process probe, int length)
    {
        byte[] bytes = new byte[length];
        probe.StandardOutput.BaseStream.ReadExactly(bytes);
        return bytes;
    }
}
