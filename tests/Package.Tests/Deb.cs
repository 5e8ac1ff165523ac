// SPDX-License-Identifier: GPL-3.0-or-later
//
// The packages that ./build.sh package left in out/packages, and variants of them as other versions would be.

using System.Globalization;
using EmulatedPhone;

namespace Package.Tests;

/// <summary>A Debian package file.</summary>
/// <param name="Path">The .deb.</param>
internal sealed record Deb(string Path)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>The package for a processor, "amd64" or "arm64".</summary>
    public static Deb For(string architecture)
    {
        string folder = System.IO.Path.Combine(Repository.Out, "packages");
        string[] found = Directory.Exists(folder) ? Directory.GetFiles(folder, $"unlock-agent_*_{architecture}.deb") : [];
        return found.Length == 1 ? new Deb(found[0]) : throw new PhoneException($"no package for {architecture}: ./build.sh package makes it");
    }

    /// <summary>A field of its control file; empty where it has none.</summary>
    public string Field(string name) => HostCommand.Run(["dpkg-deb", "--field", Path, name], Patience).Trim();

    /// <summary>Unpacks its files.</summary>
    public void Unpack(string folder) => HostCommand.Run(["dpkg-deb", "--extract", Path, folder], Patience);

    /// <summary>Unpacks its maintainer scripts and lists.</summary>
    public void UnpackControl(string folder) => HostCommand.Run(["dpkg-deb", "--control", Path, folder], Patience);

    /// <summary>The files as tar lists them: modes, owners, sizes, dates and names.</summary>
    public string[] Listing() => HostCommand.Run(["dpkg-deb", "--contents", Path], Patience).TrimEnd('\n').Split('\n');

    /// <summary>The same package with another version, and whatever else is to differ.</summary>
    /// <param name="version">As in the control file.</param>
    /// <param name="folder">Where the new .deb goes.</param>
    /// <param name="change">Given the unpacked package, with DEBIAN/ in it; null: nothing else differs.</param>
    public Deb As(string version, string folder, Action<string>? change = null)
    {
        string work = Directory.CreateTempSubdirectory("unlock-agent-deb").FullName;
        try
        {
            string root = System.IO.Path.Combine(work, "root");
            HostCommand.Run(["dpkg-deb", "--raw-extract", Path, root], Patience);
            string control = System.IO.Path.Combine(root, "DEBIAN", "control");
            File.WriteAllText(control, File.ReadAllText(control).Replace($"Version: {Field("Version")}\n", $"Version: {version}\n", StringComparison.Ordinal));
            change?.Invoke(root);

            // What dpkg --verify goes by.
            const string Sums = "cd \"$1\" && find . -type f ! -path './DEBIAN/*' ! -path './etc/*' -printf '%P\\0' | xargs -0 md5sum >DEBIAN/md5sums";
            HostCommand.Run(["sh", "-c", Sums, "sh", root], Patience);
            string made = System.IO.Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"unlock-agent_{version}.deb"));
            HostCommand.Run(["dpkg-deb", "--root-owner-group", "-Zgzip", "-z1", "--build", root, made], Patience);
            return new Deb(made);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }
}
