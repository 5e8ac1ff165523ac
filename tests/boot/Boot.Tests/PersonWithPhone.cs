// SPDX-License-Identifier: GPL-3.0-or-later
//
// Somebody with a phone and two cards: how they unlock it at boot and talk to unlockctl at its terminal. What the terminal showed and a
// picture of each screen are left in out/whole-path, and how long each thing took.

using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CardSimulator;
using EmulatedPhone;

namespace Boot.Tests;

internal sealed partial class PersonWithPhone : IDisposable
{
    private readonly long start = Stopwatch.GetTimestamp();
    private readonly ITestOutputHelper output;
    private readonly string folder;
    private readonly DebianPhone debian;
    private long last = Stopwatch.GetTimestamp();
    private int pictures;

    public PersonWithPhone(string suite, ITestOutputHelper output)
    {
        this.output = output;
        folder = Path.Combine(Repository.Out, "whole-path", suite);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
        debian = new DebianPhone(DebianSystem.Get(suite, KeySet.Passphrase), "whole-path-" + suite, CardA);
        debian.AddStick(Path.Combine(Repository.Out, "packages"));
        Took("the disks");
    }

    /// <summary>RSA 2048.</summary>
    public VirtualCard CardA { get; } = KeySet.Get("rsa2048").NewCard();

    /// <summary>Curve 25519.</summary>
    public VirtualCard CardB { get; } = KeySet.Get("cv25519").NewCard(serial: 2);

    public Phone Phone => debian.Phone;

    public GuestTerminal Terminal => debian.Terminal;

    /// <summary>Switches the phone on and waits until it asks as Debian does; types the passphrase on a USB keyboard.</summary>
    public void UnlockAtTextPrompt(VirtualCard? inReader = null)
    {
        SwitchOn(inReader);
        Phone.PlugKeyboard();
        Phone.WaitForShell(Phone.BootTimeout);
        Phone.WaitForGuest("cat /dev/vcs1", TextPrompt(), Phone.BootTimeout);
        Keep("text-prompt");
        Took("the text prompt");
        Phone.TypeText(KeySet.Passphrase);
        Phone.TypeKey("ret");
        WaitForSystem();
    }

    /// <summary>Switches the phone on with a card that opens it, and taps its PIN.</summary>
    public void UnlockWithPin(VirtualCard card)
    {
        SwitchOn(card);
        int verified = card.VerifyCount;
        TapPin(card, "pin-pad");
        WaitForSystem();
        Assert.Equal((verified + 1, 3), (card.VerifyCount, card.UserTriesLeft));
    }

    /// <summary>Waits for the PIN pad, which names the card, keeps a picture of it, and taps the PIN.</summary>
    public void TapPin(VirtualCard card, string picture)
    {
        PadScreen pad = PadScreen.Pin(3, serial: card == CardA ? "00000001" : "00000002");
        Phone.WaitFor(pad, "the PIN pad with 3 tries left", Phone.BootTimeout);
        Keep(picture);
        Took("the PIN pad");
        Phone.TapText(pad, KeySet.Pin + "\n");
    }

    /// <summary>Switches the phone on with a card that does not open it, sees that, and types the passphrase on the screen.</summary>
    /// <param name="wanted">The cards that do.</param>
    public void UnlockWithPassphraseInsteadOf(VirtualCard card, params WantedCardOnScreen[] wanted)
    {
        int verified = card.VerifyCount;
        PadScreen other = PadScreen.NoMatchingKey.Wanting([.. wanted.Select(one => new CardUnlock.WantedCard(one.Name, one.Serial))]);
        SwitchOn(card);
        Phone.WaitFor(other, "that this card is not the disk's", Phone.BootTimeout);
        Keep("other-card");
        Took("the word that it is another card");
        Phone.TapUsePassphrase(other);
        Phone.WaitFor(PadScreen.Keyboard(), "the keyboard", Phone.StepTimeout);
        Keep("keyboard");
        Phone.TapPassphrase(KeySet.Passphrase);
        WaitForSystem();
        Assert.Equal(verified, card.VerifyCount);
    }

    /// <summary>Takes the card out that is in the reader, and puts another one in as fast as a person does.</summary>
    public void SwapCards(VirtualCard card)
    {
        Phone.RemoveCard();
        Thread.Sleep(TimeSpan.FromSeconds(2));
        Phone.InsertCard(card);
        Thread.Sleep(TimeSpan.FromSeconds(2));
    }

    /// <summary>Types a command that asks nothing.</summary>
    /// <returns>What it showed; its status was 0.</returns>
    public string Run(string command, TimeSpan? timeout = null)
    {
        Terminal.TypeLine(command);
        return End(command, 0, timeout);
    }

    /// <summary>The command at the terminal ends.</summary>
    /// <returns>What it showed since it was last waited for.</returns>
    public string End(string command, int status, TimeSpan? timeout = null)
    {
        GuestResult result = debian.WaitForEnd(timeout ?? DebianPhone.LongTimeout);
        Took(command);
        Assert.True(status == result.Status, $"`{command}` ended with {result.Status}, not {status}:\n{result.Output}");
        return result.Output;
    }

    /// <summary>Waits for a question and types the answer.</summary>
    /// <returns>What was shown up to the question's end.</returns>
    public string Answer(Regex question, string answer)
    {
        string shown = Terminal.WaitFor(question, Phone.BootTimeout);
        Terminal.TypeLine(answer);
        return shown;
    }

    /// <summary>Answers the question for the disk's passphrase.</summary>
    public void AnswerPassphrase() => Answer(PassphraseQuestion(), KeySet.Passphrase);

    /// <summary>Answers the question for a card's PIN, which costs the card one VERIFY.</summary>
    public void AnswerPin(VirtualCard card)
    {
        int verified = card.VerifyCount;
        Answer(PinQuestion(), KeySet.Pin);
        Assert.Equal(verified, card.VerifyCount);
    }

    /// <summary>What the program says of the system.</summary>
    public JsonNode Status() => JsonNode.Parse(Ask("unlockctl status --json 2>/dev/null"))!;

    /// <summary>What a command in the guest prints that nobody sees.</summary>
    public string Ask(string command)
    {
        GuestResult result = Phone.RunInGuest(command, Phone.BootTimeout);
        Assert.True(result.Status == 0, $"`{command}` ended with {result.Status}: {result.Output}");
        return result.Output;
    }

    /// <summary>All that opening and booting depends on, to be compared.</summary>
    public string Snapshot() => Ask(
        "sha256sum /etc/crypttab /boot/[!l]*; ls -A /etc /boot; cryptsetup luksDump --dump-json-metadata /dev/vda");

    /// <summary>The LUKS2 header's keyslots and the type of each token, as "0 1 / unlock-agent-openpgp 1".</summary>
    public string Header()
    {
        JsonNode header = JsonNode.Parse(Ask("cryptsetup luksDump --dump-json-metadata /dev/vda"))!;
        IEnumerable<string> slots = header["keyslots"]!.AsObject().Select(slot => slot.Key).Order(StringComparer.Ordinal);
        IEnumerable<string> tokens = header["tokens"]!.AsObject().Select(
            token => $"{token.Value!["type"]} {string.Join(' ', token.Value["keyslots"]!.AsArray().Select(slot => (string?)slot))}");
        return $"{string.Join(' ', slots)} / {string.Join(", ", tokens)}";
    }

    /// <summary>Saves the screen.</summary>
    public Picture Keep(string name)
    {
        Picture picture = Phone.Screenshot();
        picture.SavePng(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{++pictures:00}-boot{debian.Boots}-{name}.png")));
        return picture;
    }

    /// <summary>Says what was done and how long it took.</summary>
    public void Took(string what)
    {
        string line = string.Create(
            CultureInfo.InvariantCulture,
            $"{Stopwatch.GetElapsedTime(start).TotalSeconds,6:0.0} s  {Stopwatch.GetElapsedTime(last).TotalSeconds,6:0.0} s  {what}");
        last = Stopwatch.GetTimestamp();
        output.WriteLine(line);
        File.AppendAllText(Path.Combine(folder, "times.txt"), line + "\n");
    }

    /// <summary>The person ends what they do with the system.</summary>
    /// <param name="command">"reboot", "systemctl poweroff".</param>
    public void Leave(string command)
    {
        KeepTerminal();
        string wanted = command == "reboot" ? "guest-reset" : "guest-shutdown";
        Assert.Equal(wanted, debian.Leave(command));
        Took(command);
    }

    public void Dispose()
    {
        try
        {
            KeepTerminal();
        }
        finally
        {
            debian.Dispose();
        }
    }

    private void SwitchOn(VirtualCard? inReader)
    {
        debian.SwitchOn(inReader);
        last = Stopwatch.GetTimestamp();
    }

    private void WaitForSystem()
    {
        debian.WaitForSystem();
        Took("the system is up");

        // Neither the agent's last picture nor the prompt for the passphrase stands there for ever: text on black.
        Phone.WaitForGuest("cat /dev/vcs1", LoginPrompt(), Phone.BootTimeout);
        Phone.WaitForScreen(
            "the login prompt",
            screen => screen[0, screen.Height - 1] == 0 && screen[screen.Width / 2, screen.Height / 2] == 0,
            Phone.StepTimeout);
        Keep("system");
    }

    private void KeepTerminal()
    {
        if (debian.IsOn)
        {
            string stem = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"boot{debian.Boots}-terminal"));
            File.WriteAllText(stem + ".txt", Terminal.Page + "\n");
            File.WriteAllText(stem + ".raw", Terminal.Raw);
            File.WriteAllText(stem.Replace("-terminal", "-console.txt", StringComparison.Ordinal), Phone.Console.Tail(int.MaxValue));
            Assert.DoesNotContain(KeySet.Pin, Terminal.Raw, StringComparison.Ordinal);
            Assert.DoesNotContain(KeySet.Passphrase, Terminal.Raw, StringComparison.Ordinal);
        }
    }

    [GeneratedRegex($"Please unlock disk {LuksDisk.MappingName}")]
    private static partial Regex TextPrompt();

    [GeneratedRegex("phone login: ")]
    private static partial Regex LoginPrompt();

    [GeneratedRegex($"Passphrase of {LuksDisk.MappingName}: $")]
    private static partial Regex PassphraseQuestion();

    [GeneratedRegex(@"PIN of the card .* \(3 tries left\): $")]
    private static partial Regex PinQuestion();
}
