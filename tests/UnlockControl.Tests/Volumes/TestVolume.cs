// SPDX-License-Identifier: GPL-3.0-or-later
// A folder with plain files that real cryptsetup made volumes of; no root, no device-mapper. Keys are cheap to derive, so that a test takes no time.
using System.Diagnostics;
using System.Text;
using CardUnlock;

namespace UnlockControl.Tests.Volumes;

internal sealed class TestVolume : IDisposable
{
    public const string Passphrase = "correct horse";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("unlockctl-test.");

    public TestVolume(params string[] formatOptions)
    {
        using (FileStream file = File.Create(Device))
        {
            file.SetLength(20 << 20);
        }

        Run(Passphrase, ["luksFormat", "--batch-mode", "--type", "luks2", "--pbkdf", "pbkdf2", "--pbkdf-force-iterations", "2000", "--key-file", "-",
            .. formatOptions, Device]);
    }

    public string Folder => _folder.FullName;

    public string Device => Path.Combine(Folder, "disk");

    public static SecretBuffer Secret(string text) => Secret(Encoding.UTF8.GetBytes(text));

    public static SecretBuffer Secret(ReadOnlySpan<byte> bytes)
    {
        SecretBuffer buffer = SecretBuffer.Allocate(bytes.Length);
        Assert.True(buffer.TryAppend(bytes));
        return buffer;
    }

    /// <summary>A key as unlockctl makes them: 32 bytes, newlines and NULs among them.</summary>
    public static SecretBuffer Key(byte first = 0)
    {
        byte[] key = [.. Enumerable.Range(first, 32).Select(i => (byte)i)];
        return Secret(key);
    }

    public static byte[] Token(int keyslot, int padding = 0) => Encoding.UTF8.GetBytes(
        $"{{\"type\":\"unlock-agent-openpgp\",\"keyslots\":[\"{keyslot}\"],\"message\":\"{new string('A', padding)}\"}}");

    /// <summary>Runs cryptsetup, which must end well; returns what it printed.</summary>
    public static string Run(string input, params string[] arguments)
    {
        (int status, string output) = TryRun(input, arguments);
        return status == 0 ? output : throw new InvalidOperationException($"cryptsetup {string.Join(' ', arguments)}: {output}");
    }

    public static (int Status, string Output) TryRun(string input, params string[] arguments)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec cryptsetup \"$@\" 2>&1", "sh", .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin";
        using Process process = Process.Start(start)!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    public string Dump() => Run("", "luksDump", Device);

    public void Dispose() => _folder.Delete(recursive: true);
}
