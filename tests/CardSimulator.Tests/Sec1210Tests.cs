// SPDX-License-Identifier: GPL-3.0-or-later

namespace CardSimulator.Tests;

public sealed class Sec1210Tests
{
    [Fact]
    public void Gpg_sees()
    {
        using Sec1210Reader reader = new(new VirtualCard(new CardOptions { Serial = 0x1234 }));
        reader.Insert();
        using PcscDaemon daemon = PcscDaemon.StartWith(reader.Configuration("Serial"));
        using GpgHome home = new(daemon);
        Assert.Contains("00001234", home.CardStatus() + daemon.Output);
    }
}
