// SPDX-License-Identifier: GPL-3.0-or-later
// Makes certificates with gpg, and reads them.

using CardSimulator;

namespace CardUnlock.Tests.Desk;

/// <summary>A gpg home for each test.</summary>
public abstract class CertificateHome : IDisposable
{
    private protected readonly GpgHome home = new();

    public void Dispose()
    {
        home.Dispose();
        GC.SuppressFinalize(this);
    }

    protected string Make(string primary, string subkey, string userId = "Ada <ada@example.org>")
    {
        home.Expect("--passphrase", "", "--quick-generate-key", userId, primary, "cert", "never");
        string fingerprint = home.Fingerprints()[^1];
        home.Expect("--passphrase", "", "--quick-add-key", fingerprint, subkey, "encr", "never");
        return fingerprint;
    }

    protected static byte[] Dearmoured(string file)
    {
        Assert.Equal(MessageFault.None, Armour.Open(File.ReadAllBytes(file), "PUBLIC KEY BLOCK"u8, out byte[] packets));
        return packets;
    }

    protected byte[] Export(string armour = "--no-armor")
    {
        string file = Path.Combine(home.Folder, "export");
        home.Expect("--yes", armour, "-o", file, "--export");
        return File.ReadAllBytes(file);
    }

    protected static Recipient Read(byte[] file, string? day = null)
    {
        Recipient? recipient = Recipient.Read(file, Day(day), out RecipientFault fault);
        Assert.Equal(RecipientFault.None, fault);
        return recipient!;
    }

    protected static RecipientFault FaultOf(byte[] file, string? day = null)
    {
        Assert.Null(Recipient.Read(file, Day(day), out RecipientFault fault));
        Assert.NotEqual(RecipientFault.None, fault);
        return fault;
    }

    private static DateTimeOffset Day(string? day) => day is null ? DateTimeOffset.UtcNow : DateTimeOffset.Parse(day + "T00:00:00Z");

    protected static byte[] Bytes((int Tag, byte[] Body) packet) => PacketMaker.Packet(packet.Tag, packet.Body);

    protected static (int Tag, byte[] Body)[] Packets(byte[] file)
    {
        List<(int, byte[])> packets = [];
        var reader = new PacketReader(file);
        byte[] body = new byte[file.Length];
        while (reader.TryRead(body, out PacketTag tag, out int length))
        {
            packets.Add(((int)tag, body[..length]));
        }

        return [.. packets];
    }
}
