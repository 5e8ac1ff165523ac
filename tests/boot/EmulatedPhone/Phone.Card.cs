// SPDX-License-Identifier: GPL-3.0-or-later
//
// The smart card reader: QEMU's USB CCID reader, whose card is the simulated one behind a socket.

using CardSimulator;

namespace EmulatedPhone;

public sealed partial class Phone
{
    private VsCardEndpoint? readerPlace;
    private VsCardReader? reader;

    /// <summary>Puts the card of <see cref="PhoneOptions.Card"/> into the reader; before the boot has found it is fine too.</summary>
    public void InsertCard() => Reader.Insert();

    /// <summary>Puts another card into the reader, which is empty.</summary>
    public void InsertCard(VirtualCard card) => Reader.Insert(card);

    /// <summary>Pulls the card out.</summary>
    public void RemoveCard() => Reader.Remove();

    /// <summary>
    /// Cuts everything on USB off from the phone, which is the reader and the touchscreen, or connects it again: by the driver of the root
    /// hubs in the guest, since QEMU pulls no such reader out.
    /// </summary>
    public void SwitchUsb(bool connected) => RunInGuest(
        "cd /sys/bus/usb/drivers/hub; for hub in /sys/bus/usb/devices/*-0:1.0; "
            + $"do echo ${{hub##*/}} >{(connected ? "bind" : "unbind")}; done",
        StepTimeout);

    /// <summary>Whether the card is in the reader; false also after one of its faults pulled it out.</summary>
    public bool HasCard => Reader.IsInserted;

    private VsCardReader Reader => reader ?? throw new PhoneException($"{options.Name} was switched on without a card reader");

    private string[] AddReader(VirtualCard card)
    {
        string path = qemu.PathOf("card");
        readerPlace = VsCardEndpoint.ListenOn(path);
        reader = new VsCardReader(card, readerPlace);
        return ["-chardev", $"socket,id=card,path={path}", "-device", "usb-ccid", "-device", "ccid-card-passthru,chardev=card"];
    }
}
