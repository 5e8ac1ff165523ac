// SPDX-License-Identifier: GPL-3.0-or-later
// The commands of the OpenPGP card application (specification 3.4) that looking after a card needs, one function each, and the data
// objects that only this needs: creation times CD (12 bytes), PIN status C4 (7), key derivation F9.

namespace CardUnlock;

internal sealed partial class OpenPgpCard
{
    private const byte Pw3 = 0x83;
    private const byte AfterAdmin = 0x02;
    private const int TagCreationTimes = 0xCD;
    private const int TagResettingCode = 0xD3;
    private const int TagAdminSalt = 0x86;
    private const int TimeLength = 4;
    private const int SaltLength = 8;

    /// <summary>VERIFY PW3 (7.2.2): costs one of its tries when it is wrong; called once per PIN.</summary>
    public StatusWord VerifyAdmin(SecretBuffer pin) =>
        channel.Send(new CommandApdu(0x20, 0x00, Pw3, pin.Span, expectsData: false) { Given = pin }).Status;

    /// <summary>CHANGE REFERENCE DATA (7.2.3): costs a try when the old PIN is wrong; called once.</summary>
    /// <param name="admin">PW3, else PW1.</param>
    /// <param name="oldAndNew">The old PIN, directly followed by the new one.</param>
    public StatusWord ChangeReferenceData(bool admin, SecretBuffer oldAndNew) =>
        channel.Send(new CommandApdu(0x24, 0x00, admin ? Pw3 : Pw1, oldAndNew.Span, expectsData: false) { Given = oldAndNew }).Status;

    /// <summary>RESET RETRY COUNTER after <see cref="VerifyAdmin"/> (7.2.4).</summary>
    public StatusWord ResetRetryCounterAsAdmin(SecretBuffer newPin) =>
        channel.Send(new CommandApdu(0x2C, AfterAdmin, Pw1, newPin.Span, expectsData: false) { Given = newPin }).Status;

    /// <summary>PUT DATA D3 after <see cref="VerifyAdmin"/> (7.2.8, 4.3.4).</summary>
    public StatusWord PutResettingCode(SecretBuffer code) =>
        channel.Send(new CommandApdu(0xDA, 0x00, TagResettingCode, code.Span, expectsData: false) { Given = code }).Status;

    /// <summary>The PIN status bytes (C4, 4.4.3.11) as they are; empty: the card does not say.</summary>
    public byte[] ReadPinStatusBytes() => ReadObject(TagPinStatus);

    /// <summary>The salt of PW3 (86 in F9); empty: it has none of its own.</summary>
    public byte[] ReadAdminSalt() =>
        Tlv.TryFind(ReadObject(TagKdf), TagAdminSalt, out ReadOnlySpan<byte> salt) && salt.Length == SaltLength ? salt.ToArray() : [];

    /// <summary>The decryption key's creation time (the second of CD), 4 bytes as a key packet has them; empty: none.</summary>
    public byte[] ReadCreationTime()
    {
        byte[] all = ReadObject(TagApplicationData);
        ReadOnlySpan<byte> inner = Tlv.TryFind(all, TagDiscretionary, out ReadOnlySpan<byte> discretionary) ? discretionary : all;
        byte[] times = Find(all, inner, TagCreationTimes);
        return times.Length >= 2 * TimeLength ? times[TimeLength..(2 * TimeLength)] : [];
    }

    /// <summary>The decryption key's public part: the objects in 7F49 (81 modulus, 82 exponent; 86 point); empty: none.</summary>
    public byte[] ReadDecipherKey()
    {
        ResponseApdu response = ReadPublicKey();
        return response.Status.IsOk && Tlv.TryFind(response.Data, TagPublicKey, out ReadOnlySpan<byte> key) ? key.ToArray() : [];
    }
}
