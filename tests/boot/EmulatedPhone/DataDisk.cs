// SPDX-License-Identifier: GPL-3.0-or-later
//
// A second disk for the phone: a small LUKS2 volume without a file system.

namespace EmulatedPhone;

/// <summary>A disk beside the root's; its file is removed when this is disposed.</summary>
public sealed class DataDisk : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly string path = Path.GetTempFileName();

    /// <param name="uuid">The volume's.</param>
    /// <param name="key">The exact bytes that open it.</param>
    /// <exception cref="PhoneException">cryptsetup failed.</exception>
    public DataDisk(string uuid, byte[] key)
    {
        using (FileStream image = File.Create(path))
        {
            image.SetLength(20 << 20);
        }

        HostCommand.Run(
            [
                "cryptsetup", "luksFormat", "--type", "luks2", "--uuid", uuid, "--batch-mode", "--disable-locks", "--cipher", "aes-xts-plain64",
                "--pbkdf", "pbkdf2", "--pbkdf-force-iterations", "1000", path, "-",
            ],
            Patience,
            key);
    }

    /// <summary>Arguments of QEMU that put it into the phone.</summary>
    /// <param name="id">Names it among the devices.</param>
    public string[] Arguments(string id) =>
        ["-drive", $"file={path},format=raw,if=none,id={id},snapshot=on", "-device", $"virtio-blk-pci,drive={id}"];

    public void Dispose() => File.Delete(path);
}
