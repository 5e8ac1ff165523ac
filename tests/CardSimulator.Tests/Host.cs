// SPDX-License-Identifier: GPL-3.0-or-later

namespace CardSimulator.Tests;

/// <summary>The other side of a card in process: commands and answers in hexadecimal.</summary>
internal sealed class Host
{
    public const string SelectCommand = "00A4040006D27600012401";
    public const string UserPin = "313233343536";
    public const string AdminPin = "3132333435363738";

    public Host(CardOptions? options = null)
        : this(new VirtualCard(options))
    {
    }

    public Host(VirtualCard card)
    {
        Card = card;
        Assert.Equal("9000", Send(SelectCommand));
    }

    public VirtualCard Card { get; }

    /// <summary>Sends one command, spaces allowed.</summary>
    public string Send(string hex) =>
        Convert.ToHexString(Card.Transmit(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal))));

    /// <summary>Sends one command with short Lc.</summary>
    public string Send(string header, string data) => Send($"{header}{data.Length / 2:X2}{data}");

    /// <summary>Sends one command with extended Lc and Le, and gives the data of the answer, which must be good.</summary>
    public byte[] Ask(string header, byte[] data)
    {
        string answer = Send($"{header}00{data.Length:X4}{Convert.ToHexString(data)}0000");
        Assert.EndsWith("9000", answer);
        return Convert.FromHexString(answer[..^4]);
    }

    public void Verify(string reference, string pin) => Assert.Equal("9000", Send($"002000{reference}", pin));
}
