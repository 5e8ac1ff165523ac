// SPDX-License-Identifier: GPL-3.0-or-later
//
// Programs in C that run in the guest, beside the agent: compiled on the host, whose C library is no newer than the guest's.

namespace EmulatedPhone;

/// <summary>A program of tests/boot.</summary>
public static class GuestProgram
{
    /// <summary>The executable that the sources in tests/boot/NAME make.</summary>
    /// <exception cref="PhoneException">It does not compile.</exception>
    public static byte[] Compile(string name)
    {
        string[] sources = Directory.GetFiles(Path.Combine(Repository.Root, "tests", "boot", name), "*.c");
        string program = Path.GetTempFileName();
        HostCommand.Run(["cc", "-O2", "-s", "-Wall", "-Wextra", "-Werror", "-o", program, .. sources], Phone.StepTimeout);
        byte[] bytes = File.ReadAllBytes(program);
        File.Delete(program);
        return bytes;
    }
}
