// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where things are: the repository that this program was built in, its outputs, and the user's cache.

namespace EmulatedPhone;

/// <summary>Folders of the repository and of the user's cache.</summary>
public static class Repository
{
    /// <summary>The folder that holds build.sh.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Everything that a build, a test or a demo leaves behind.</summary>
    public static string Out => Path.Combine(Root, "out");

    /// <summary>The agent and its library, as ./build.sh build leaves them.</summary>
    public static string Binaries => Path.Combine(Out, "bin");

    /// <summary>Debian trees, shared by all checkouts of this user.</summary>
    public static string Trees
    {
        get
        {
            string cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } named
                ? named
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
            return Path.Combine(cache, "unlock-agent", "trees");
        }
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "build.sh")))
            {
                return at.FullName;
            }
        }

        throw new PhoneException($"no build.sh above {AppContext.BaseDirectory}: run this from its repository");
    }
}
