// SPDX-License-Identifier: GPL-3.0-or-later
// An OpenPGP card (specification 3.4; cards of 2.x and 3.3 too) seen through a transport: what it says about itself.

namespace CardUnlock;

/// <summary>The application on one card; owns the channel's buffers, borrows the transport.</summary>
/// <param name="transport">Carries APDUs.</param>
/// <param name="characterProtocol">T=0.</param>
/// <param name="extendedLength">What the answer to reset says of it; holds until the application says it.</param>
internal sealed partial class OpenPgpCard(ICardTransport transport, bool characterProtocol, bool extendedLength) : IDisposable
{
    private const int TagApplicationData = 0x6E;
    private const int TagDiscretionary = 0x73;
    private const int TagAid = 0x4F;
    private const int TagHistoricalBytes = 0x5F52;
    private const int TagDecipherAttributes = 0xC2;
    private const int TagPinStatus = 0xC4;
    private const int TagFingerprints = 0xC5;
    private const int TagCapabilities = 0xC0;
    private const int TagKeyInformation = 0xDE;
    private const int TagDecipherTouch = 0xD7;
    private const int TagExtendedLength = 0x7F66;
    private const int TagFeatures = 0x7F74;
    private const int TagHolderData = 0x65;
    private const int TagHolderName = 0x5B;
    private const int TagPublicKey = 0x7F49;
    private const int TagPoint = 0x86;
    private const int TagKdf = 0xF9;

    private readonly ApduChannel channel = new(transport, characterProtocol) { ExtendedLength = extendedLength };

    /// <summary>
    /// Reads what unlocking needs: all from 6E (4.4.1), single objects only where 6E lacks them. Null: not an OpenPGP
    /// card, or it does not say how it wants its PIN.
    /// </summary>
    /// <exception cref="PcscException">From the transport.</exception>
    public CardData? ReadCardData()
    {
        byte[] all = ReadObject(TagApplicationData);
        ReadOnlySpan<byte> inner = all;
        if (Tlv.TryFind(all, TagDiscretionary, out ReadOnlySpan<byte> discretionary))
        {
            inner = discretionary;
        }

        byte[] aid = Find(all, inner, TagAid);
        if (aid.Length < CardData.AidLength || !aid.AsSpan().StartsWith(ApplicationId)
            || !TryReadDerivation(Given(all, inner, TagCapabilities), out PinDerivation? derivation))
        {
            return null;
        }

        var data = new CardData(
            aid,
            CardData.HasExtendedLength(Find(all, inner, TagHistoricalBytes)),
            Find(all, inner, TagDecipherAttributes),
            Find(all, inner, TagFingerprints),
            PinStatus.Parse(Find(all, inner, TagPinStatus)),
            derivation)
        {
            NeedsTouch = CardData.WantsTouch(ReadTouchFlag(all, inner)),
            LacksKey = CardData.LacksDecipherKey(Given(all, inner, TagKeyInformation)),
            MaxCommandLength = CardData.CommandLimit(Given(all, inner, TagExtendedLength)),
        };
        data.PublicKeyReader = ReadDecipherPoint;
        channel.ExtendedLength = data.ExtendedLength;
        channel.MaxCommandLength = data.MaxCommandLength;
        return data;
    }

    /// <summary>Reads the PIN status bytes alone (C4, 4.4.2): the counter after a wrong PIN.</summary>
    public PinStatus ReadPinStatus() => PinStatus.Parse(ReadObject(TagPinStatus));

    /// <summary>Zeroes the channel's last answer.</summary>
    public void Forget() => channel.Forget();

    public void Dispose() => channel.Dispose();

    /// <summary>
    /// The holder's name (5B in 65, 4.4.1), in the order that a person reads; empty when the card has none.
    /// </summary>
    public string ReadHolder()
    {
        byte[] holder = ReadObject(TagHolderData);
        return HolderName.Read(Tlv.TryFind(holder, TagHolderName, out ReadOnlySpan<byte> name) ? name : default);
    }

    /// <summary>
    /// The decryption key's point as an OpenPGP key has it behind its prefix (X25519: 32 bytes, X448: 56), or 04, X, Y;
    /// empty: RSA, or the card does not say.
    /// </summary>
    public byte[] ReadDecipherPoint()
    {
        ResponseApdu response = ReadPublicKey();
        if (!response.Status.IsOk
            || !Tlv.TryFind(response.Data, TagPublicKey, out ReadOnlySpan<byte> key)
            || !Tlv.TryFind(key, TagPoint, out ReadOnlySpan<byte> point))
        {
            return [];
        }

        // Some cards put the prefix of native points in front, which makes their length odd.
        return (point.Length % 2 == 1 && point[0] == 0x40 ? point[1..] : point).ToArray();
    }

    private static ReadOnlySpan<byte> Given(ReadOnlySpan<byte> outer, ReadOnlySpan<byte> inner, int tag) =>
        Tlv.TryFind(inner, tag, out ReadOnlySpan<byte> value) || Tlv.TryFind(outer, tag, out value) ? value : default;

    private byte[] Find(ReadOnlySpan<byte> outer, ReadOnlySpan<byte> inner, int tag) =>
        Given(outer, inner, tag) is { IsEmpty: false } value ? value.ToArray() : ReadObject(tag);

    // A card whose 6E has no D7 can have one only where its general feature management (7F74, 4.4.3.3) has a button.
    private ReadOnlySpan<byte> ReadTouchFlag(ReadOnlySpan<byte> outer, ReadOnlySpan<byte> inner)
    {
        ReadOnlySpan<byte> flag = Given(outer, inner, TagDecipherTouch);
        return flag.IsEmpty && CardData.HasButton(Given(outer, inner, TagFeatures)) ? ReadObject(TagDecipherTouch) : flag;
    }

    // Public data objects, never secret: plain arrays. Empty when the card has none.
    private byte[] ReadObject(int tag)
    {
        ResponseApdu response = GetData(tag);
        return response.Status.IsOk ? Unwrap(tag, response.Data) : [];
    }

    // A failure to read F9 must not pass for its absence: the PIN as it is would cost a try on a card that wants a hash.
    // Capabilities without the bit for it say that there is none (4.4.3.7); GnuPG sends the PIN as it is then, too.
    private bool TryReadDerivation(ReadOnlySpan<byte> capabilities, out PinDerivation? derivation)
    {
        derivation = null;
        if (!capabilities.IsEmpty && !CardData.HasPinDerivation(capabilities))
        {
            return true;
        }

        ResponseApdu response = GetData(TagKdf);
        derivation = response.Status.IsOk ? PinDerivation.Parse(Unwrap(TagKdf, response.Data)) : null;
        return response.Status.IsOk || response.Status.IsAbsent;
    }

    private static byte[] Unwrap(int tag, ReadOnlySpan<byte> data)
    {
        bool wrapped = Tlv.TryFind(data, tag, out ReadOnlySpan<byte> value)
            && Tlv.HeaderLength(tag, value.Length) + value.Length == data.Length;
        return wrapped ? value.ToArray() : data.ToArray();
    }
}
