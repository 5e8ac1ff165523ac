// SPDX-License-Identifier: GPL-3.0-or-later
// Volumes by what a person calls them, in a folder that looks like a system: /dev/disk links as udev makes them, /sys and /proc as the kernel does.
using UnlockControl.Volumes;

namespace UnlockControl.Tests.Volumes;

public sealed class VolumeFinderTests : IDisposable
{
    private const string Uuid = "5c1c4b2a-8c1e-4b0e-9d7e-2f4f0b6d7a10";

    private readonly TestVolume _volume = new("--uuid", Uuid);

    private string Root => _volume.Folder;

    [Fact]
    public void A_source_is_a_path_or_a_tag()
    {
        Lay();
        Assert.Equal(_volume.Device, BlockDevices.Resolve("UUID=" + Uuid, Root));
        Assert.Equal(_volume.Device, BlockDevices.Resolve("PARTLABEL=root part", Root));
        Assert.Equal(Root + "/dev/vda2", BlockDevices.Resolve("/dev/vda2", Root));
        Assert.Null(BlockDevices.Resolve("LABEL=none", Root));
        Assert.Null(BlockDevices.Resolve("/dev/vda3", Root));
    }

    [Theory]
    [InlineData("root_crypt")]
    [InlineData(Uuid)]
    [InlineData("UUID=" + Uuid)]
    [InlineData("/dev/vda2")]
    [InlineData("PARTLABEL=root part")]
    public void Each_name_finds_the_entry(string wanted)
    {
        Lay();
        Crypttab crypttab = Crypttab.Parse($"other /dev/vda9 none luks\nroot_crypt UUID={Uuid} none luks\n");
        FoundVolume found = VolumeFinder.Find(crypttab, wanted, Root);
        Assert.Equal(("root_crypt", _volume.Device), (found.Name, found.Device));
        Assert.Equal(crypttab.Entries[1], found.Entry);
    }

    [Fact]
    public void A_device_that_crypttab_does_not_name_is_found_without_an_entry()
    {
        Lay();
        FoundVolume found = VolumeFinder.Find(Crypttab.Parse(""), "/dev/vda2", Root);
        Assert.Equal(new FoundVolume("/dev/vda2", Root + "/dev/vda2", null, null), found);
        StepException none = Assert.Throws<StepException>(() => VolumeFinder.Find(Crypttab.Parse("a /dev/vda2 none luks\n"), "b", Root));
        Assert.Contains("no volume b", none.Message, StringComparison.Ordinal);
        Assert.Contains("(a)", none.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_word_the_only_LUKS2_volume_is_meant()
    {
        Lay();
        Crypttab crypttab = Crypttab.Parse($"swap /dev/plain /dev/urandom swap\nabsent /dev/vda9 none luks\na UUID={Uuid} none luks\n");
        Assert.Equal("a", VolumeFinder.Find(crypttab, null, Root).Name);
        _ = Assert.Throws<StepException>(() => VolumeFinder.Find(Crypttab.Parse("swap /dev/plain /dev/urandom swap\n"), null, Root));
    }

    [Fact]
    public void Of_several_the_one_that_the_root_is_on_is_meant()
    {
        Lay();
        Crypttab crypttab = Crypttab.Parse($"data /dev/vda2 none luks\nroot_crypt UUID={Uuid} none luks\n");
        Assert.Equal(["root_crypt"], BlockDevices.RootMappings(Root));
        Assert.Equal("root_crypt", VolumeFinder.Find(crypttab, null, Root).Name);

        File.Delete(Root + "/sys/class/block/dm-1/slaves/dm-0/dm/uuid");
        StepException which = Assert.Throws<StepException>(() => VolumeFinder.Find(crypttab, null, Root));
        Assert.Contains("data, root_crypt", which.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _volume.Dispose();

    /// <summary>The root is on a logical volume, which is on a LUKS mapping, which is on /dev/vda2.</summary>
    private void Lay()
    {
        string[] folders = ["dev/mapper", "dev/disk/by-uuid", "dev/disk/by-partlabel", "proc/self", "sys/class/block/dm-1/dm", "sys/class/block/dm-1/slaves/dm-0/dm"];
        foreach (string folder in folders)
        {
            _ = Directory.CreateDirectory(Path.Combine(Root, folder));
        }

        Link("dev/vda2", _volume.Device);
        Link("dev/disk/by-uuid/" + Uuid, "../../vda2");
        Link("dev/disk/by-partlabel/root\\x20part", "../../vda2");
        Link("dev/mapper/vg-root", "../dm-1");
        Write("dev/dm-1", "");
        Write("dev/plain", "no header");
        Write(
            "proc/self/mountinfo",
            "1 0 0:1 / / rw - rootfs rootfs rw\n2 1 254:1 / / rw,relatime shared:1 - ext4 /dev/mapper/vg-root rw\n3 2 0:5 / /dev rw - devtmpfs udev rw\n");
        Write("sys/class/block/dm-1/dm/uuid", "LVM-abc\n");
        Write("sys/class/block/dm-1/slaves/dm-0/dm/uuid", "CRYPT-LUKS2-5c1c4b2a-root_crypt\n");
        Write("sys/class/block/dm-1/slaves/dm-0/dm/name", "root_crypt\n");
    }

    private void Write(string path, string text) => File.WriteAllText(Path.Combine(Root, path), text);

    private void Link(string path, string target) => _ = File.CreateSymbolicLink(Path.Combine(Root, path), target);
}
