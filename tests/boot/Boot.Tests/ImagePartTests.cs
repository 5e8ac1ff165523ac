// SPDX-License-Identifier: GPL-3.0-or-later
using EmulatedPhone;

namespace Boot.Tests;

public sealed class ImagePartTests
{
    [Theory]
    [InlineData("usr/lib/unlock-agent/unlock-agent", ImagePart.Agent)]
    [InlineData("usr/lib/unlock-agent/libSkiaSharp.so.155.0.0", ImagePart.Skia)]
    [InlineData("usr/lib/unlock-agent/stand-ins/libsystemd.so.0", ImagePart.StandIns)]
    [InlineData("usr/lib/unlock-agent/libskiacxx.so", ImagePart.StandIns)]
    [InlineData("usr/lib/unlock-agent/pcscd", ImagePart.Pcscd)]
    [InlineData("usr/lib/pcsc/drivers/ifd-ccid.bundle/Contents/Linux/libccid.so", ImagePart.Drivers)]
    [InlineData("etc/libccid_Info.plist", ImagePart.Drivers)]
    [InlineData("usr/lib/modules/6.1.0-50-amd64/kernel/drivers/hid/hid-multitouch.ko", ImagePart.Modules)]
    [InlineData("scripts/init-premount/unlock-agent", ImagePart.Scripts)]
    [InlineData("usr/lib/cryptsetup/scripts/unlock-agent", ImagePart.Scripts)]
    [InlineData("etc/unlock-agent.conf", ImagePart.Scripts)]
    [InlineData("usr/lib/x86_64-linux-gnu/libstdc++.so.6.0.30", ImagePart.Libraries)]
    [InlineData("etc/ld.so.cache", ImagePart.Libraries)]
    public void A_file_counts_for_whoever_brings_it(string file, string part) => Assert.Equal(part, ImagePart.PartOf(file));
}
