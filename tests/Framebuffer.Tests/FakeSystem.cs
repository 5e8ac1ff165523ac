// SPDX-License-Identifier: GPL-3.0-or-later
// A folder with a sysfs and device nodes in it, as the kernel lays them out: classes hold links to devices, and a device's
// "device" link leads to what it stands on.

namespace Framebuffer.Tests;

internal sealed class FakeSystem : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("screens").FullName;

    internal FakeSystem()
    {
        Directory.CreateDirectory(Sysfs);
        Directory.CreateDirectory(Devices);
        File.WriteAllText(CommandLine, "quiet\n");
    }

    internal string Sysfs => Path.Join(root, "sys");

    internal string Devices => Path.Join(root, "dev");

    internal string CommandLine => Path.Join(root, "cmdline");

    internal DisplayOptions Options => new() { SysfsRoot = Sysfs, DeviceRoot = Devices, CommandLineFile = CommandLine };

    internal string DevicePath(string device) => Path.Join(Sysfs, "devices", "platform", device);

    /// <summary>A frame buffer device on a device.</summary>
    internal void AddFramebuffer(string name, string device)
    {
        AddClassDevice("graphics", name, device);
        File.WriteAllText(Path.Join(Devices, name), "");
    }

    /// <summary>A DRM card on a device, with connectors as "DSI-1 connected".</summary>
    internal void AddCard(string name, string device, params string[] connectors)
    {
        AddClassDevice("drm", name, device);
        foreach (string connector in connectors)
        {
            string[] parts = connector.Split(' ');
            string folder = Path.Join(DevicePath(device), "drm", name, $"{name}-{parts[0]}");
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Join(folder, "status"), parts[1] + "\n");
            File.CreateSymbolicLink(Path.Join(Sysfs, "class", "drm", $"{name}-{parts[0]}"), folder);
        }

        Directory.CreateDirectory(Path.Join(Devices, "dri"));
        File.WriteAllText(Path.Join(Devices, "dri", name), "");
    }

    /// <summary>An attribute, by its path below sysfs.</summary>
    internal void Set(string attribute, string value)
    {
        string path = Path.Join(Sysfs, attribute);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, value + "\n");
    }

    internal string Get(string attribute) => File.ReadAllText(Path.Join(Sysfs, attribute)).TrimEnd();

    /// <summary>A class' entry for a device that stands on another, as a link like the kernel's.</summary>
    internal void AddClassDevice(string kind, string name, string device)
    {
        string folder = Path.Join(DevicePath(device), kind, name);
        Directory.CreateDirectory(folder);
        File.CreateSymbolicLink(Path.Join(folder, "device"), "../../../" + device);
        string entry = Path.Join(Sysfs, "class", kind, name);
        Directory.CreateDirectory(Path.GetDirectoryName(entry)!);
        File.CreateSymbolicLink(entry, Path.Join("../../devices/platform", device, kind, name));
    }

    public void Dispose() => Directory.Delete(root, recursive: true);
}
