// SPDX-License-Identifier: GPL-3.0-or-later
// What the card keeps without power: PINs and their counters, key slots, data objects. Also as a JSON file, byte
// strings in hexadecimal. Keys and PINs stand in it openly: it is for test data alone.

using System.Text.Json;

namespace CardSimulator;

/// <summary>A PIN and the tries that are left.</summary>
internal sealed class Pin(byte[] value, int minLength)
{
    public const int MaxTries = 3;
    public const int MaxLength = 0x7F;

    public byte[] Value { get; set; } = value;

    public int MinLength { get; } = minLength;

    public int Tries { get; set; } = MaxTries;

    /// <summary>An empty value: this PIN was never set (the resetting code of a new card).</summary>
    public bool IsSet => Value.Length > 0;

    public void Set(ReadOnlySpan<byte> pin)
    {
        Value = pin.ToArray();
        Tries = MaxTries;
    }
}

/// <summary>The card's memory that outlives power.</summary>
internal sealed class CardMemory
{
    public const int MinUserPin = 6;
    public const int MinAdminPin = 8;

    public Pin User { get; } = new("123456"u8.ToArray(), MinUserPin);

    public Pin ResettingCode { get; } = new([], MinAdminPin) { Tries = 0 };

    public Pin Admin { get; } = new("12345678"u8.ToArray(), MinAdminPin);

    /// <summary>false: one signature for each VERIFY 81 (first byte of C4).</summary>
    public bool SignPinStaysValid { get; set; }

    public int SignatureCounter { get; set; }

    public bool Terminated { get; set; }

    /// <summary>In the order of <see cref="KeyUse"/>.</summary>
    public KeySlot[] Slots { get; } = [new(), new(), new()];

    /// <summary>Plain objects that are stored as they are written, by tag.</summary>
    public SortedDictionary<int, byte[]> Objects { get; } = [];

    public KeySlot this[KeyUse use] => Slots[(int)use];

    public void Save(string path)
    {
        SavedCard saved = new(
            new SavedPin(Hex(User.Value), User.Tries),
            new SavedPin(Hex(ResettingCode.Value), ResettingCode.Tries),
            new SavedPin(Hex(Admin.Value), Admin.Tries),
            SignPinStaysValid,
            SignatureCounter,
            Terminated,
            [.. Slots.Select(Save)],
            Objects.ToDictionary(pair => pair.Key.ToString("X4", null), pair => Hex(pair.Value)));

        // Another process may read the file while it is written: give it the old one or the new one whole.
        string next = path + ".new";
        File.WriteAllBytes(next, JsonSerializer.SerializeToUtf8Bytes(saved, Indented));
        File.Move(next, path, overwrite: true);
    }

    public static CardMemory Load(string path)
    {
        SavedCard saved = JsonSerializer.Deserialize<SavedCard>(File.ReadAllBytes(path))
            ?? throw new InvalidDataException("The state file holds no card.");
        CardMemory memory = new()
        {
            SignPinStaysValid = saved.SignPinStaysValid,
            SignatureCounter = saved.SignatureCounter,
            Terminated = saved.Terminated,
        };
        Restore(memory.User, saved.User);
        Restore(memory.ResettingCode, saved.ResettingCode);
        Restore(memory.Admin, saved.Admin);
        for (int i = 0; i < memory.Slots.Length; i++)
        {
            Restore(memory.Slots[i], saved.Slots[i]);
        }

        foreach ((string tag, string value) in saved.Objects)
        {
            memory.Objects[Convert.ToInt32(tag, 16)] = Convert.FromHexString(value);
        }

        return memory;
    }

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static string Hex(byte[] bytes) => Convert.ToHexString(bytes);

    private static SavedSlot Save(KeySlot slot) => new(
        Hex(slot.Attributes),
        slot.Origin,
        Hex(slot.Fingerprint),
        Hex(slot.CaFingerprint),
        Hex(slot.CreationTime),
        Hex(slot.InteractionFlag),
        slot.Key?.ImportObjects().ToDictionary(pair => pair.Key.ToString("X2", null), pair => Hex(pair.Value)));

    private static void Restore(Pin pin, SavedPin saved)
    {
        pin.Value = Convert.FromHexString(saved.Value);
        pin.Tries = saved.Tries;
    }

    private static void Restore(KeySlot slot, SavedSlot saved)
    {
        slot.Attributes = Convert.FromHexString(saved.Attributes);
        slot.Origin = saved.Origin;
        slot.Fingerprint = Convert.FromHexString(saved.Fingerprint);
        slot.CaFingerprint = Convert.FromHexString(saved.CaFingerprint);
        slot.CreationTime = Convert.FromHexString(saved.CreationTime);
        slot.InteractionFlag = Convert.FromHexString(saved.InteractionFlag);
        slot.Key = saved.Key is null
            ? null
            : CardKeys.Import(slot.Attributes, saved.Key.ToDictionary(
                pair => Convert.ToInt32(pair.Key, 16), pair => Convert.FromHexString(pair.Value)));
    }

    private sealed record SavedPin(string Value, int Tries);

    private sealed record SavedSlot(
        string Attributes,
        byte Origin,
        string Fingerprint,
        string CaFingerprint,
        string CreationTime,
        string InteractionFlag,
        Dictionary<string, string>? Key);

    private sealed record SavedCard(
        SavedPin User,
        SavedPin ResettingCode,
        SavedPin Admin,
        bool SignPinStaysValid,
        int SignatureCounter,
        bool Terminated,
        SavedSlot[] Slots,
        Dictionary<string, string> Objects);
}
