// SPDX-License-Identifier: GPL-3.0-or-later
// libcryptsetup's header functions (libcryptsetup.h, soname 12: cryptsetup 2.6 and 2.7). Loaded at the first call, so that a missing
// library is a message. What returns int returns a negative errno. Secrets go in as the pages of their SecretBuffer: nothing
// here copies them.
using System.Runtime.InteropServices;
using CardUnlock;

namespace UnlockControl.Native;

/// <summary>struct crypt_pbkdf_type: how a keyslot's key is derived, 40 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct crypt_pbkdf_type
{
    public nint type;
    public nint hash;
    public uint time_ms;
    public uint iterations;
    public uint max_memory_kb;
    public uint parallel_threads;
    public uint flags;
}

internal static partial class LibCryptsetup
{
    public const int CRYPT_ANY_SLOT = -1;
    public const int CRYPT_ANY_TOKEN = -1;

    public const int CRYPT_SLOT_ACTIVE = 2;
    public const int CRYPT_SLOT_ACTIVE_LAST = 3;
    public const int CRYPT_SLOT_PRIORITY_IGNORE = 0;

    public const int CRYPT_TOKEN_INVALID = 0;
    public const int CRYPT_TOKEN_INACTIVE = 1;

    public const uint CRYPT_PBKDF_NO_BENCHMARK = 1 << 1;
    public const int CRYPT_FLAGS_REQUIREMENTS = 1;
    public const int CRYPT_LOG_ERROR = 1;

    private const string Library = "libcryptsetup.so.12";

    /// <summary>The library's file, for a person.</summary>
    internal static string Name => Library;

    /// <summary>CRYPT_LUKS2.</summary>
    internal static ReadOnlySpan<byte> Luks2 => "LUKS2\0"u8;

    /// <summary>CRYPT_LUKS1.</summary>
    internal static ReadOnlySpan<byte> Luks1 => "LUKS1\0"u8;

    /// <summary>CRYPT_KDF_PBKDF2.</summary>
    internal static ReadOnlySpan<byte> Pbkdf2 => "pbkdf2\0"u8;

    [LibraryImport(Library, EntryPoint = "crypt_init", StringMarshalling = StringMarshalling.Utf8)]
    internal static unsafe partial int Init(nint* device, string path);

    [LibraryImport(Library, EntryPoint = "crypt_init_data_device", StringMarshalling = StringMarshalling.Utf8)]
    internal static unsafe partial int InitDataDevice(nint* device, string header, string data);

    [LibraryImport(Library, EntryPoint = "crypt_free")]
    internal static partial void Free(nint device);

    /// <summary>For one device, or with 0 for what belongs to none.</summary>
    [LibraryImport(Library, EntryPoint = "crypt_set_log_callback")]
    internal static unsafe partial void SetLogCallback(nint device, delegate* unmanaged<int, byte*, void*, void> log, void* user);

    [LibraryImport(Library, EntryPoint = "crypt_load")]
    internal static unsafe partial int Load(CryptDevice device, byte* type, void* parameters);

    [LibraryImport(Library, EntryPoint = "crypt_get_uuid")]
    internal static unsafe partial byte* GetUuid(CryptDevice device);

    [LibraryImport(Library, EntryPoint = "crypt_keyslot_max")]
    internal static unsafe partial int KeyslotMax(byte* type);

    [LibraryImport(Library, EntryPoint = "crypt_keyslot_status")]
    internal static partial int KeyslotStatus(CryptDevice device, int keyslot);

    [LibraryImport(Library, EntryPoint = "crypt_keyslot_get_priority")]
    internal static partial int KeyslotPriority(CryptDevice device, int keyslot);

    /// <summary>The strings of the answer are the library's and constant.</summary>
    [LibraryImport(Library, EntryPoint = "crypt_keyslot_get_pbkdf")]
    internal static unsafe partial int KeyslotPbkdf(CryptDevice device, int keyslot, crypt_pbkdf_type* pbkdf);

    [LibraryImport(Library, EntryPoint = "crypt_set_pbkdf_type")]
    internal static unsafe partial int SetPbkdf(CryptDevice device, crypt_pbkdf_type* pbkdf);

    [LibraryImport(Library, EntryPoint = "crypt_keyslot_add_by_passphrase")]
    internal static partial int KeyslotAdd(
        CryptDevice device, int keyslot, SecretBuffer passphrase, nuint length, SecretBuffer newPassphrase, nuint newLength);

    [LibraryImport(Library, EntryPoint = "crypt_keyslot_destroy")]
    internal static partial int KeyslotDestroy(CryptDevice device, int keyslot);

    /// <summary>Without a name nothing is activated: the passphrase is only tried.</summary>
    [LibraryImport(Library, EntryPoint = "crypt_activate_by_passphrase")]
    internal static unsafe partial int Activate(
        CryptDevice device, byte* name, int keyslot, SecretBuffer passphrase, nuint length, uint flags);

    [LibraryImport(Library, EntryPoint = "crypt_token_max")]
    internal static unsafe partial int TokenMax(byte* type);

    [LibraryImport(Library, EntryPoint = "crypt_token_status")]
    internal static unsafe partial int TokenStatus(CryptDevice device, int token, byte** type);

    [LibraryImport(Library, EntryPoint = "crypt_token_json_get")]
    internal static unsafe partial int TokenGet(CryptDevice device, int token, byte** json);

    [LibraryImport(Library, EntryPoint = "crypt_token_json_set")]
    internal static unsafe partial int TokenSet(CryptDevice device, int token, byte* json);

    [LibraryImport(Library, EntryPoint = "crypt_header_backup", StringMarshalling = StringMarshalling.Utf8)]
    internal static unsafe partial int HeaderBackup(CryptDevice device, byte* type, string file);

    [LibraryImport(Library, EntryPoint = "crypt_persistent_flags_get")]
    internal static unsafe partial int PersistentFlags(CryptDevice device, int type, uint* flags);
}
