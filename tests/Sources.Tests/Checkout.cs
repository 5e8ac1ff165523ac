// SPDX-License-Identifier: GPL-3.0-or-later
// Every file of the checkout that is not built.
namespace Sources.Tests;

internal static class Checkout
{
    private static readonly string[] built = ["bin", "obj", "out", ".git"];

    public static string Root { get; } = Find();

    public static IReadOnlyList<string> Files { get; } =
    [
        .. Directory.EnumerateFiles(Root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Where(file => !Path.GetRelativePath(Root, file).Split('/').Intersect(built).Any()),
    ];

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
