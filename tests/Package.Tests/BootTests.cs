// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whole boots of what the package installed, with the initramfs that its trigger made. (Boot.Tests has everything else that a boot can meet.)

using CardSimulator;
using EmulatedPhone;

namespace Package.Tests;

public sealed class BootTests : IDisposable
{
    private readonly string disk = Path.GetTempFileName();

    public void Dispose() => File.Delete(disk);

    [Theory]
    [InlineData("bookworm", "rsa2048")]
    [InlineData("trixie", "cv25519")]
    public void Card_and_PIN_open_the_root(string suite, string algorithm)
    {
        KeySet keys = KeySet.Get(algorithm);
        VirtualCard card = keys.NewCard();
        PhoneImage image = PhoneImage.WithPackage(suite, keys.KeyFile, Deb.For("amd64").Path);
        string nonce = Guid.NewGuid().ToString("N");
        LuksDisk.Create(disk, image, nonce, keys.LuksKey);

        using var phone = Phone.Boot(new PhoneOptions(image.Kernel, image.Initrd, disk, $"package-{suite}") { Card = card });
        phone.InsertCard();
        phone.WaitFor(PadScreen.Pin(3), "the PIN pad with 3 tries left", Phone.BootTimeout);
        phone.TapText(PadScreen.Pin(3), KeySet.Pin + "\n");

        Assert.Equal(nonce, phone.WaitForRoot(Phone.StepTimeout).Nonce);
        Assert.Equal(1, card.VerifyCount);
    }
}
