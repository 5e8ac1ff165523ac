// SPDX-License-Identifier: GPL-3.0-or-later
//
// The smart card reader: QEMU's USB CCID reader, whose card is a program behind a socket.

namespace EmulatedPhone;

public sealed partial class Phone
{
    private string[] CardArguments() =>
    [
        "-device", "usb-ccid,id=reader",
    ];

    private void RemoveCardForGood()
    {
    }
}
