// SPDX-License-Identifier: GPL-3.0-or-later
// The serial reader as its line shows it, byte by byte, and as GnuPG sees it through the real pcscd and libccidtwin.

namespace CardSimulator.Tests;

public sealed class Sec1210Tests
{
    private const string UserPin = "123456";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly byte[] AskFirstSlot = Frame("65 00000000 00 07 000000");

    [Fact]
    public void A_frame_is_answered_with_its_own_sequence_number_and_checksum()
    {
        using Sec1210Reader reader = new(new VirtualCard());
        using Line line = new(reader);

        line.Send(AskFirstSlot);
        Assert.Equal(Hex(Frame("81 00000000 00 07 02 00 00")), line.Receive(13));
        line.Send(Frame("65 00000000 01 08 000000"));
        Assert.Equal(Hex(Frame("81 00000000 01 08 02 00 00")), line.Receive(13));
        line.Send(Frame("6B 01000000 00 09 000000 06"));
        Assert.Equal(Hex(Frame("83 01000000 00 09 02 00 00 06")), line.Receive(14));
    }

    [Fact]
    public void A_card_that_comes_or_goes_is_told_of_between_two_frames()
    {
        using Sec1210Reader reader = new(new VirtualCard());
        using Line line = new(reader);

        reader.Insert();
        Assert.Equal("5003", line.Receive(2));
        line.Send(AskFirstSlot);
        Assert.Equal(Hex(Frame("81 00000000 00 07 01 00 00")), line.Receive(13));
        reader.Remove();
        Assert.Equal("5002", line.Receive(2));
        line.Send(AskFirstSlot);
        Assert.Equal(Hex(Frame("81 00000000 00 07 02 00 00")), line.Receive(13));
    }

    [Fact]
    public void Frames_come_in_pieces_and_several_at_once_and_noise_is_passed_over()
    {
        using Sec1210Reader reader = new(new VirtualCard());
        using Line line = new(reader);
        string answer = Hex(Frame("81 00000000 00 07 02 00 00"));

        foreach (byte b in AskFirstSlot)
        {
            line.Send([b]);
        }

        Assert.Equal(answer, line.Receive(13));
        line.Send([0xFF, 0x00, .. AskFirstSlot, .. AskFirstSlot]);
        Assert.Equal(answer + answer, line.Receive(26));
    }

    [Fact]
    public void A_damaged_frame_is_refused_and_the_next_one_is_not()
    {
        using Sec1210Reader reader = new(new VirtualCard());
        using Line line = new(reader);

        line.Send([.. AskFirstSlot[..^1], (byte)(AskFirstSlot[^1] ^ 1)]);
        Assert.Equal("031516", line.Receive(3));
        line.Send(AskFirstSlot);
        Assert.Equal(Hex(Frame("81 00000000 00 07 02 00 00")), line.Receive(13));
    }

    [Fact]
    public void Without_power_it_says_nothing_and_forgets_what_it_heard()
    {
        VirtualCard card = new();
        using Sec1210Reader reader = new(card);
        using Line line = new(reader);
        reader.HasPower = false;

        line.Send(AskFirstSlot);
        reader.Insert();
        Assert.True(line.IsSilent());
        reader.HasPower = true;
        line.Send(AskFirstSlot);
        Assert.Equal(Hex(Frame("81 00000000 00 07 01 00 00")), line.Receive(13));
        Assert.Equal(1, reader.MessageCount);
    }

    [Fact]
    public void A_card_without_power_or_without_card_takes_no_block()
    {
        using Sec1210Reader reader = new(new VirtualCard());
        using Line line = new(reader);

        line.Send(Frame("62 00000000 00 01 010000"));
        Assert.Equal(Hex(Frame("80 00000000 00 01 42 FE 00")), line.Receive(13));
        reader.Insert();
        Assert.Equal("5003", line.Receive(2));
        line.Send(Frame("6F 04000000 00 02 000000 00C00000"));
        Assert.Equal(Hex(Frame("80 00000000 00 02 41 FE 00")), line.Receive(13));
        line.Send(Frame("62 00000000 01 03 010000"));
        Assert.Equal(Hex(Frame("80 00000000 01 03 42 FE 00")), line.Receive(13));
    }

    [Theory]
    [InlineData("rsa2048", false, true)]
    [InlineData("rsa2048", false, false)]
    [InlineData("rsa2048", true, false)]
    [InlineData("rsa4096", false, true)]
    [InlineData("cv25519", false, true)]
    [InlineData("cv25519", true, false)]
    public void Gpg_moves_a_key_to_the_card_and_decrypts_with_it(string algorithm, bool t0, bool extended)
    {
        VirtualCard card = new(new CardOptions { T0 = t0, ExtendedLength = extended });
        using Sec1210Reader reader = new(card);
        reader.Insert();
        using PcscDaemon daemon = PcscDaemon.StartWith(reader.Configuration("Serial"));
        using GpgHome home = new(daemon);
        string key = home.GenerateKey(algorithm);
        home.KeyToCard(key);
        string message = Encrypt(home, key);
        card.ClearLog();

        ProgramResult decrypted = home.Decrypt(message, UserPin);

        Assert.True(decrypted.ExitCode == 0, decrypted.Errors + daemon.Output);
        Assert.Equal("a disk's key", decrypted.Output);
        Assert.Equal(1, card.VerifyCount);
    }

    [Fact]
    public void Gpg_is_told_of_a_card_pulled_at_decipher_and_finds_it_again()
    {
        VirtualCard card = new();
        using Sec1210Reader reader = new(card);
        reader.Insert();
        using PcscDaemon daemon = PcscDaemon.StartWith(reader.Configuration("Serial"));
        using GpgHome home = new(daemon);
        string key = home.GenerateKey("cv25519");
        home.KeyToCard(key);
        string message = Encrypt(home, key);

        card.Faults.PullAtInstruction(0x2A);
        Assert.NotEqual(0, home.Decrypt(message, UserPin).ExitCode);
        Assert.False(reader.IsInserted);
        Assert.True(reader.WaitUntilNoticed(Patience));
        reader.Insert();
        Assert.True(reader.WaitUntilNoticed(Patience));
        Assert.Contains("PIN retry counter : 3 0 3", home.CardStatus());
        Assert.Equal("a disk's key", home.Decrypt(message, UserPin).Output);
    }

    private static byte[] Frame(string message) =>
        Sec1210Frame.Encode(Convert.FromHexString(message.Replace(" ", "", StringComparison.Ordinal)));

    private static string Hex(byte[] bytes) => Convert.ToHexString(bytes);

    private static string Encrypt(GpgHome home, string key)
    {
        string plain = Path.Combine(home.Folder, "plain");
        File.WriteAllText(plain, "a disk's key");
        home.Encrypt(plain, plain + ".gpg", key);
        return plain + ".gpg";
    }

    /// <summary>The host's end of the serial line.</summary>
    private sealed class Line(Sec1210Reader reader) : IDisposable
    {
        private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(300);
        private readonly FileStream stream =
            new(reader.DevicePath, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);

        private Task<int>? pending;
        private byte[] buffer = [];

        public void Send(byte[] bytes) => stream.Write(bytes);

        public string Receive(int count)
        {
            List<byte> bytes = [];
            while (bytes.Count < count)
            {
                Assert.True(Read().Wait(Patience), $"only {bytes.Count} of {count} bytes came");
                bytes.AddRange(buffer.AsSpan(0, pending!.Result));
                pending = null;
            }

            return Convert.ToHexString([.. bytes]);
        }

        public bool IsSilent() => !Read().Wait(Silence);

        public void Dispose() => stream.Dispose();

        private Task<int> Read()
        {
            if (pending is null)
            {
                buffer = new byte[512];
                pending = Task.Run(() => stream.Read(buffer));
            }

            return pending;
        }
    }
}
