// SPDX-License-Identifier: GPL-3.0-or-later
// How card programs of the field differ, as measured with each: the options that make the simulated card answer so.

namespace CardSimulator;

/// <summary>One set of options for each card program.</summary>
public static class CardProfiles
{
    private const int KeyAttributes = 0xC1;
    private const int DecipherAttributes = 0xC2;
    private const int DecipherTouch = 0xD7;
    private const int KeyDerivation = 0xF9;
    private const int ExtendedLength = 0x7F66;

    /// <summary>canokey-core 3.0: extended up to 1340; attributes and UIF only inside 6E; no KDF-DO.</summary>
    public static CardOptions Canokey { get; } = new()
    {
        MaxCommandLength = 1340,
        HasKeyDerivation = false,
        Alone = Answers(LoneObject.Missing, KeyAttributes, DecipherAttributes, 0xC3, 0xD6, DecipherTouch, 0xD8, KeyDerivation),
    };

    /// <summary>SmartPGP 3.0 as it is built by default: chains only; objects alone carry their tag; 6982 when blocked.</summary>
    public static CardOptions SmartPgp { get; } = new()
    {
        ExtendedLength = false,
        BlockedPin = StatusWord.SecurityStatus,
        HasButton = false,
        LeftOut = [0xD6, DecipherTouch, 0xD8],
        Alone = Answers(
            Answers(LoneObject.Missing, 0xD6, DecipherTouch, 0xD8),
            LoneObject.Tagged,
            KeyAttributes, DecipherAttributes, 0xC3, ExtendedLength),
    };

    /// <summary>SmartPGP built with extended lengths up to 1024.</summary>
    public static CardOptions SmartPgpExtended { get; } = SmartPgp with { ExtendedLength = true, MaxCommandLength = 1024 };

    /// <summary>pico-openpgp 4.6: SELECT answers an FCI, 6E has no outer tag, 63Cx for a wrong PIN, UIF only alone.</summary>
    public static CardOptions Pico { get; } = new()
    {
        MaxCommandLength = 2038,
        SelectAnswer = Convert.FromHexString("6F206216810200008201018302000084067600012401008A01056406530400100000"),
        WrongPinTellsTries = true,
        OuterTag = false,
        LeftOut = [0xD6, DecipherTouch, 0xD8],
    };

    /// <summary>Gnuk 1.2: specification 2.0; a short PIN is counted; stays verified; answers points; an empty KDF-DO.</summary>
    public static CardOptions Gnuk { get; } = new()
    {
        Version = 0x0200,
        ExtendedLength = false,
        ShortPin = StatusWord.SecurityStatus,
        StaysVerified = true,
        OuterTag = false,
        AnswersPoint = true,
        Alone = Answers(LoneObject.Empty, KeyDerivation),
    };

    /// <summary>The YubiKey NEO's applet: specification 2.0; refuses the empty VERIFY; nothing of 6E alone.</summary>
    public static CardOptions Neo { get; } = new()
    {
        Version = 0x0200,
        ExtendedLength = false,
        NotVerified = StatusWord.WrongData,
        OuterTag = false,
        HasKeyDerivation = false,
        HasButton = false,
        MissingObject = StatusWord.WrongReference,
        LeftOut = [0xD6, DecipherTouch, 0xD8],
        Alone = Answers(LoneObject.Missing, KeyAttributes, DecipherAttributes, 0xC3, 0xD6, DecipherTouch, 0xD8, KeyDerivation),
    };

    /// <summary>FluffyKaon's applet: specification 2.0; 63Cx for a wrong PIN; 6700 for the empty VERIFY.</summary>
    public static CardOptions Fluffy { get; } = Neo with
    {
        SelectAnswer = Convert.FromHexString("6F128410D2760001240102000000000000010000"),
        WrongPinTellsTries = true,
        NotVerified = StatusWord.WrongLength,
        Alone = Answers(LoneObject.Missing, 0xD6, DecipherTouch, 0xD8, KeyDerivation),
    };

    /// <summary>YubiKey 5.4: four keys, a short PIN is wrong data, the empty VERIFY too; 7F66 only inside 6E.</summary>
    public static CardOptions YubiKey5 { get; } = new()
    {
        HasFourthKey = true,
        ShortPin = StatusWord.WrongData,
        NotVerified = StatusWord.WrongData,
        Alone = Answers(LoneObject.Missing, ExtendedLength, 0xD6, DecipherTouch, 0xD8),
    };

    /// <summary>Every profile by its card program's name.</summary>
    public static IReadOnlyDictionary<string, CardOptions> All { get; } = new Dictionary<string, CardOptions>
    {
        ["canokey"] = Canokey,
        ["SmartPGP"] = SmartPgp,
        ["SmartPGP extended"] = SmartPgpExtended,
        ["pico"] = Pico,
        ["Gnuk"] = Gnuk,
        ["NEO"] = Neo,
        ["Fluffy"] = Fluffy,
        ["YubiKey 5"] = YubiKey5,
    };

    private static Dictionary<int, LoneObject> Answers(LoneObject answer, params ReadOnlySpan<int> tags) =>
        Answers([], answer, tags);

    private static Dictionary<int, LoneObject> Answers(
        Dictionary<int, LoneObject> others, LoneObject answer, params ReadOnlySpan<int> tags)
    {
        foreach (int tag in tags)
        {
            others[tag] = answer;
        }

        return others;
    }
}
