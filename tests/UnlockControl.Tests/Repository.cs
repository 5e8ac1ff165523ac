// SPDX-License-Identifier: GPL-3.0-or-later

namespace UnlockControl.Tests;

internal static class Repository
{
    /// <summary>The checkout that the test program was built in.</summary>
    public static string Root { get; } = Find();

    /// <summary>A file of it.</summary>
    public static string PathOf(params string[] names) => Path.Combine([Root, .. names]);

    private static string Find()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "UnlockAgent.sln")))
        {
            directory = directory.Parent ?? throw new InvalidOperationException("Not inside the checkout.");
        }

        return directory.FullName;
    }
}
