// SPDX-License-Identifier: GPL-3.0-or-later
// struct crypt_device as an owner, and what the library says while it works: it goes into the exceptions and never to the terminal.
using System.Runtime.InteropServices;
using System.Text;

namespace UnlockControl.Native;

/// <summary>A device's context; freed when disposed. One thread at a time.</summary>
internal sealed class CryptDevice : SafeHandle
{
    private const int MostSaid = 16;

    [ThreadStatic]
    private static List<string>? t_said;

    private CryptDevice(nint device) : base(0, ownsHandle: true) => SetHandle(device);

    public override bool IsInvalid => handle == 0;

    /// <summary>Opens a context; reads no header yet.</summary>
    /// <param name="device">The data device, or the one with both.</param>
    /// <param name="header">The file or device with a detached header, or null.</param>
    /// <param name="result">0, or a negative errno; then null is returned.</param>
    /// <exception cref="DllNotFoundException">The library is not installed.</exception>
    public static unsafe CryptDevice? Open(string device, string? header, out int result)
    {
        t_said = null;
        LibCryptsetup.SetLogCallback(0, &Say, null);
        nint opened = 0;
        result = header is null
            ? LibCryptsetup.Init(&opened, device)
            : LibCryptsetup.InitDataDevice(&opened, header, device);
        if (result < 0)
        {
            return null;
        }

        LibCryptsetup.SetLogCallback(opened, &Say, null);
        return new CryptDevice(opened);
    }

    /// <summary>What the library said on this thread since the last call, one line for each message.</summary>
    public static string TakeMessages()
    {
        string text = string.Join(' ', t_said ?? []);
        t_said = null;
        return text;
    }

    protected override bool ReleaseHandle()
    {
        LibCryptsetup.Free(handle);
        return true;
    }

    [UnmanagedCallersOnly]
    private static unsafe void Say(int level, byte* message, void* user)
    {
        List<string> said = t_said ??= [];
        if (level == LibCryptsetup.CRYPT_LOG_ERROR && said.Count < MostSaid)
        {
            said.Add(Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(message)).Trim());
        }
    }
}
