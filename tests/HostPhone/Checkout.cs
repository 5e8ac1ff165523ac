// SPDX-License-Identifier: GPL-3.0-or-later
namespace HostPhone;

/// <summary>The checkout that the test program was built in.</summary>
public static class Checkout
{
    /// <summary>Its folder.</summary>
    public static string Root { get; } = Find();

    /// <summary>The native agent that `./build.sh build` made.</summary>
    public static string Agent => Path.Combine(Root, "out", "bin", "unlock-agent");

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
