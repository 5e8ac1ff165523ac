// SPDX-License-Identifier: GPL-3.0-or-later
//
// The Librem 5's whole way from power to key: the boot scripts, a file for the LED that switches the reader, a reader of the
// SEC1210's kind on a pseudo-terminal, the real libccidtwin and the real pcscd, the card library, and a card that decrypts
// what gpg encrypted. Needs root for a mount namespace, in which pcscd finds our entry in /etc/reader.conf.d.

using System.Text;
using CardSimulator;
using CardUnlock;
using CardUnlock.Tests;

namespace Hooks.Tests;

[Collection(CardLibrary.Name)]
public sealed class LibremReaderTests : IDisposable
{
    private static readonly TimeSpan Patience = CardHost.Patience;

    private readonly Sandbox sandbox = new();
    private readonly VirtualCard card = new(new CardOptions { Serial = 0x1210 });
    private readonly Sec1210Reader reader;

    public LibremReaderTests(CardSocket socket)
    {
        reader = new Sec1210Reader(card);
        socket.PointAt(sandbox.PathOf("run/pcscd.comm"));
        Directory.CreateDirectory(sandbox.PathOf("run"));
        sandbox.WriteFile("smc_en", "0\n");
        sandbox.WriteFile("home/reader-switch", sandbox.PathOf("smc_en") + "\n");
        sandbox.WriteFile("readers/unlock-agent", reader.Configuration("Librem 5"));
        sandbox.WriteProgram("home/unlock-agent", $"echo \"$*\" >>{sandbox.PathOf("agent")}");
        sandbox.WriteProgram("sleep", $"until [ -e {sandbox.PathOf("warm")} ]; do sleep 0.02; done");
        var polkit = Encoding.UTF8.GetString(Sandbox.Run(["/usr/sbin/pcscd", "--help"]).Output)
            .Contains("--disable-polkit", StringComparison.Ordinal);
        sandbox.WriteFile("home/pcscd.args", polkit ? "--disable-polkit\n" : "\n");
        File.Copy("/usr/sbin/pcscd", sandbox.PathOf("home/pcscd"));
    }

    private string Switch => File.ReadAllText(sandbox.PathOf("smc_en"));

    public void Dispose()
    {
        Sandbox.KillLeftover(sandbox.PathOf("state/pcscd.pid"));
        reader.Dispose();
        sandbox.Dispose();
    }

    [Theory]
    [InlineData("rsa2048")]
    [InlineData("cv25519")]
    public void A_phone_boots_with_a_card_that_is_put_in_late_and_leaves_neither_power_nor_service(string algorithm)
    {
        var message = CardHost.KeyOnCard(card, reader, algorithm);
        Boot();
        using var monitor = new CardMonitor(message);
        CardHost.WaitFor<CardStatus.NoCard>(monitor);

        var wait = Task.Run(monitor.Wait);
        reader.Insert();
        var shown = Assert.IsType<CardStatus.Ready>(CardHost.Within(wait)).Card;
        Assert.Equal("Librem 5 00 00", shown.Reader);
        Assert.EndsWith("00001210", shown.Serial, StringComparison.Ordinal);
        Assert.True(shown.MatchesKey);
        CardHost.AssertKey(monitor.Unlock(CardHost.Pin("123456"), shown));
        Assert.Equal(1, card.VerifyCount);

        var service = ServicePid();
        RootIsOpen();
        Assert.Equal("0\n", Switch);
        Assert.True(SpinWait.SpinUntil(() => !Sandbox.IsAlive(service), Patience));
        Assert.False(card.IsUserVerified);
        Assert.Equal(["--release-card", "--restore-console"], File.ReadAllLines(sandbox.PathOf("agent")));
    }

    /// <summary>The driver has one buffer for what it sends and what it gets, so that a longer answer covers the PIN.</summary>
    [Fact]
    public void A_wrong_pin_is_nowhere_in_the_card_service_once_its_traces_are_covered()
    {
        byte[] wrong = "918273"u8.ToArray();
        EncryptedKey message = CardHost.KeyOnCard(card, reader, "cv25519");
        reader.Insert();
        Boot();
        using var monitor = new CardMonitor(message);
        CardInfo shown = CardHost.WaitFor<CardStatus.Ready>(monitor).Card;
        Assert.Equal(new UnlockResult.WrongPin(2), monitor.Unlock(CardHost.Pin("918273"), shown));
        Assert.NotEmpty(ProcessMemory.Find(ServicePid(), wrong));
        monitor.CoverTraces();
        Assert.Empty(ProcessMemory.Find(ServicePid(), wrong));
    }

    [Fact]
    public void A_wrong_pin_costs_one_try_and_the_right_one_opens()
    {
        var message = CardHost.KeyOnCard(card, reader, "cv25519");
        reader.Insert();
        Boot();
        using var monitor = new CardMonitor(message);
        var shown = CardHost.WaitFor<CardStatus.Ready>(monitor).Card;
        Assert.Equal(3, shown.TriesLeft);

        Assert.Equal(new UnlockResult.WrongPin(2), monitor.Unlock(CardHost.Pin("999999"), shown));
        Assert.Equal(2, card.UserTriesLeft);
        shown = CardHost.WaitFor<CardStatus.Ready>(monitor).Card;
        Assert.Equal(2, shown.TriesLeft);
        CardHost.AssertKey(monitor.Unlock(CardHost.Pin("123456"), shown));
        Assert.Equal(3, card.UserTriesLeft);
    }

    [Fact]
    public void A_card_pulled_out_is_missed_and_one_put_back_is_asked_for_its_pin_again()
    {
        var message = CardHost.KeyOnCard(card, reader, "cv25519");
        reader.Insert();
        Boot();
        using var monitor = new CardMonitor(message);
        var shown = CardHost.WaitFor<CardStatus.Ready>(monitor).Card;
        CardHost.AssertKey(monitor.Unlock(CardHost.Pin("123456"), shown));
        Assert.True(CardHost.WaitFor<CardStatus.Ready>(monitor).Card.AlreadyVerified);

        var wait = Task.Run(monitor.Wait);
        reader.Remove();
        Assert.IsType<CardStatus.NoCard>(CardHost.Within(wait));
        Assert.IsType<UnlockResult.CardRemoved>(monitor.Unlock(CardHost.Pin("123456"), shown));
        reader.Insert();
        shown = CardHost.WaitFor<CardStatus.Ready>(monitor).Card;
        Assert.False(shown.AlreadyVerified);
        CardHost.AssertKey(monitor.Unlock(CardHost.Pin("123456"), shown));
        Assert.Equal(2, card.VerifyCount);
    }

    [Fact]
    public void A_card_pulled_while_it_decrypts_is_named_as_such()
    {
        var message = CardHost.KeyOnCard(card, reader, "rsa2048");
        reader.Insert();
        Boot();
        using var monitor = new CardMonitor(message);
        var shown = CardHost.WaitFor<CardStatus.Ready>(monitor).Card;

        card.Faults.PullAtInstruction(0x2A);
        Assert.IsType<UnlockResult.CardRemoved>(monitor.Unlock(CardHost.Pin("123456"), shown));
        CardHost.WaitFor<CardStatus.NoCard>(monitor);
        Assert.True(reader.WaitUntilNoticed(Patience));
        reader.Insert();
        CardHost.AssertKey(monitor.Unlock(CardHost.Pin("123456"), CardHost.WaitFor<CardStatus.Ready>(monitor).Card));
    }

    [Fact]
    public void A_card_that_thinks_for_longer_than_the_serial_driver_waits_by_default_is_waited_for()
    {
        var message = CardHost.KeyOnCard(card, reader, "rsa2048");
        reader.Insert();
        Boot();
        using var monitor = new CardMonitor(message);
        var shown = CardHost.WaitFor<CardStatus.Ready>(monitor).Card;

        // The driver's own patience is 3 s; the card's answer to reset asks for more.
        card.Faults.DelayAt(2, TimeSpan.FromSeconds(4));
        CardHost.AssertKey(monitor.Unlock(CardHost.Pin("123456"), shown));
        Assert.Equal(1, card.VerifyCount);
    }

    [Fact]
    public void A_root_opened_by_passphrase_takes_the_power_of_a_reader_that_nobody_used()
    {
        reader.Insert();
        Boot();
        using (var monitor = new CardMonitor())
        {
            CardHost.WaitFor<CardStatus.Ready>(monitor);
        }

        var service = ServicePid();
        RootIsOpen();

        Assert.Equal("0\n", Switch);
        Assert.False(Sandbox.IsAlive(service));
        Assert.Equal(0, card.VerifyCount);
    }

    [Fact]
    public void A_rescue_shell_finds_the_reader_as_it_was_so_that_the_boot_can_go_on()
    {
        reader.Insert();
        Boot();

        Run("scripts/panic/unlock-agent", ("/usr/lib/unlock-agent", sandbox.PathOf("home")));

        Assert.Equal("1\n", Switch);
        Assert.Equal(["--release-card", "--restore-console"], File.ReadAllLines(sandbox.PathOf("agent")));
        using var monitor = new CardMonitor();
        CardHost.WaitFor<CardStatus.Ready>(monitor);
    }

    /// <summary>init-premount on a phone whose reader is off; it gets warm when the script has long returned.</summary>
    private void Boot()
    {
        reader.HasPower = false;
        Run(
            "scripts/init-premount/unlock-agent",
            ("home=/usr/lib/unlock-agent\n", $"home={sandbox.PathOf("home")}\n"),
            ("state=/run/unlock-agent\n", $"state={sandbox.PathOf("state")}\n"),
            ("    sleep \"$1\" &\n", $"    {sandbox.PathOf("sleep")} \"$1\" &\n"));
        Assert.True(SpinWait.SpinUntil(() => Switch == "1\n", Patience));
        Assert.False(File.Exists(sandbox.PathOf("run/pcscd.comm")));
        reader.HasPower = true;
        sandbox.WriteFile("warm", "");
        Assert.True(SpinWait.SpinUntil(() => File.Exists(sandbox.PathOf("run/pcscd.comm")), Patience));
    }

    /// <summary>local-bottom; the reader has then the power that the switch gives it.</summary>
    private void RootIsOpen()
    {
        Run(
            "scripts/local-bottom/unlock-agent",
            ("home=/usr/lib/unlock-agent\n", $"home={sandbox.PathOf("home")}\n"),
            ("state=/run/unlock-agent\n", $"state={sandbox.PathOf("state")}\n"),
            ("rm -rf /run/pcscd ", "rm -rf /run/pcscd/* "),
            (">/dev/kmsg", $">>{sandbox.PathOf("kmsg")}"));
        reader.HasPower = Switch == "1\n";
    }

    private void Run(string name, params (string Old, string New)[] edits)
    {
        var script = sandbox.CopyScript(name, edits);
        var outcome = Sandbox.Run(
        [
            "unshare", "--mount", "sh", "-c",
            $"mkdir -p /run/pcscd && mount --bind {sandbox.PathOf("run")} /run/pcscd "
                + $"&& mount --bind {sandbox.PathOf("readers")} /etc/reader.conf.d && exec busybox sh {script}",
        ]);
        Assert.Equal((0, ""), (outcome.Status, outcome.Errors));
    }

    private int ServicePid() => int.Parse(File.ReadAllText(sandbox.PathOf("state/pcscd.pid")));
}
