// SPDX-License-Identifier: GPL-3.0-or-later
// The rig itself: a whole unlock by card and by passphrase with nothing broken, and that it would see what is wrong.

using CardSimulator;
using HostPhone;

namespace Faults.Tests;

/// <summary>The host's phone with nothing broken.</summary>
public sealed class RigTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly PcscDaemon daemon = PcscDaemon.Start();
    private readonly Phone phone = new();

    [Theory]
    [InlineData("smartpgp-chain-rsa2048")]
    [InlineData("pico-cv25519")]
    public void A_card_opens_the_disk(string name)
    {
        CardKeys keys = CardKeys.Get(name);
        VirtualCard card = keys.NewCard(CardProfiles.SmartPgp);
        using VpcdReader reader = daemon.NewReader(card);
        reader.Insert();
        using AgentRun agent = phone.Start(new AgentOptions(keys.MessageFile, daemon.SocketPath));

        Screen pad = Screen.Pin(3);
        See(agent, pad);
        Assert.True(phone.Control.IsKeyboardOff);
        phone.Type(pad, CardKeys.Pin);
        See(agent, Screen.Pin(3, 6));
        phone.Confirm(pad);

        Assert.True(agent.AwaitEnd(Patience));
        Assert.Equal((0, Convert.ToHexString(keys.Plain)), (agent.ExitCode, Convert.ToHexString(agent.Output())));
        Assert.Equal((3, 1), (card.UserTriesLeft, card.VerifyCount));
        Assert.True(phone.Shows(Screen.Opening));
    }

    [Fact]
    public void A_passphrase_opens_the_disk()
    {
        CardKeys keys = CardKeys.Get("pico-cv25519");
        using AgentRun agent = phone.Start(new AgentOptions(keys.MessageFile, daemon.SocketPath));
        See(agent, Screen.InsertCard);
        phone.UsePassphrase(Screen.InsertCard);
        See(agent, Screen.Keyboard());
        phone.Type(Screen.Keyboard(), "tulipriver");
        See(agent, Screen.Keyboard(10));
        phone.Confirm(Screen.Keyboard(10));

        Assert.True(agent.AwaitEnd(Patience));
        Assert.Equal((0, "tulipriver"), (agent.ExitCode, System.Text.Encoding.ASCII.GetString(agent.Output())));
    }

    [Fact]
    public void A_screen_that_is_not_shown_is_not_seen()
    {
        using AgentRun agent = phone.Start(new AgentOptions(CardKeys.Get("pico-cv25519").MessageFile, daemon.SocketPath));
        See(agent, Screen.InsertCard);

        Assert.Null(phone.Await(agent, TimeSpan.FromMilliseconds(200), Screen.Pin(3), Screen.CardRemoved, Screen.Keyboard()));
        Assert.False(phone.Control.IsConsoleText);
        Assert.Equal([agent.Id], phone.Processes());
    }

    [Fact]
    public void A_cell_that_comes_to_something_else_than_its_table_says_fails()
    {
        using var lab = new Lab();
        var cell = new Cell("rig", Profile.Curve25519, new Stage(Moment.Pad), "a PIN that nobody typed", static run =>
        {
            run.Card.Transmit([0x00, 0xA4, 0x04, 0x00, 6, 0xD2, 0x76, 0x00, 0x01, 0x24, 0x01]);
            run.Card.Transmit([0x00, 0x20, 0x00, 0x82, 6, .. "999999"u8]);
            run.Card.Transmit([0x00, 0x20, 0x00, 0x82, 6, .. "999999"u8]);
        })
        {
            Recovery = Recovery.Passphrase,
        };
        using var run = new CellRun(lab, cell);
        run.Execute();

        Assert.Contains("2 PINs reached the card, and 0 were confirmed", run.Problem, StringComparison.Ordinal);
        Assert.Contains("1 tries are left", run.Problem, StringComparison.Ordinal);
        Assert.Contains("the table has no such cell", run.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unlock_takes_as_many_commands_as_the_matrix_has_stages()
    {
        using var lab = new Lab();
        var counted = new List<(string, int, int)>();
        foreach (Profile profile in Profile.All)
        {
            lab.Prepare(profile);
            using AgentRun agent = lab.Phone.Start(new AgentOptions(lab.KeyFile, lab.Socket));
            Assert.NotNull(lab.Phone.Await(agent, Patience, Screen.Pin(3)));
            int looks = lab.Card.Log.Count;
            lab.Phone.Type(Screen.Pin(3), CardKeys.Pin);
            lab.Phone.Confirm(Screen.Pin(3));
            Assert.True(agent.AwaitEnd(Patience));
            Assert.Equal(lab.Keys.Plain, agent.Output());

            // A GET DATA after the key is the question that covers its traces, which may come too late to be seen.
            counted.Add((profile.Name, looks, lab.Card.Log.Skip(looks).TakeWhile(entry => entry.Ins != 0xCA).Count()));
        }

        Assert.Equal(Profile.All.Select(profile => (profile.Name, profile.Looks, profile.Unlocks)), counted);
    }

    public void Dispose()
    {
        phone.Dispose();
        daemon.Dispose();
    }

    private void See(AgentRun agent, Screen expected)
    {
        if (phone.Await(agent, Patience, expected) is null)
        {
            phone.Photograph("/tmp/host-phone.ppm");
            Assert.Fail($"No screen \"{expected}\". {(agent.HasExited ? agent.ExitCode : "runs")} {phone.KernelLog} {agent.Errors}");
        }
    }
}
