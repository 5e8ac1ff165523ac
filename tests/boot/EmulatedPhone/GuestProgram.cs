// SPDX-License-Identifier: GPL-3.0-or-later
//
// Programs in C that run in the guest, beside the agent: compiled on the host, whose C library is no newer than the guest's.

namespace EmulatedPhone;

/// <summary>A program of tests/boot.</summary>
public static class GuestProgram
{
    /// <summary>The executable that tests/boot/NAME/NAME.c makes.</summary>
    /// <exception cref="PhoneException">It does not compile.</exception>
    public static byte[] Compile(string name)
    {
        string source = Path.Combine(Repository.Root, "tests", "boot", name, name + ".c");
        string program = Path.GetTempFileName();
        HostCommand.Run(["cc", "-O2", "-s", "-Wall", "-Wextra", "-Werror", "-o", program, source], Phone.StepTimeout);
        byte[] bytes = File.ReadAllBytes(program);
        File.Delete(program);
        return bytes;
    }
}
