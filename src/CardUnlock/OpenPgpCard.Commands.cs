// SPDX-License-Identifier: GPL-3.0-or-later
// The commands of the OpenPGP card application (specification 3.4) that unlocking needs, one function each.

namespace CardUnlock;

internal sealed partial class OpenPgpCard
{
    private const byte Pw1 = 0x81;
    private const byte Pw1ForDecipher = 0x82;

    private static ReadOnlySpan<byte> ApplicationId => [0xD2, 0x76, 0x00, 0x01, 0x24, 0x01];

    /// <summary>
    /// SELECT the application by its AID's first 6 bytes (7.2.1). Some cards forget a verified PIN here.
    /// </summary>
    public StatusWord Select() =>
        channel.Send(new CommandApdu(0xA4, 0x04, 0x00, ApplicationId, expectsData: false)).Status;

    /// <summary>
    /// GET DATA of a one- or two-byte <paramref name="tag"/> (7.2.6); the value may stand behind its own tag.
    /// </summary>
    public ResponseApdu GetData(int tag)
    {
        var command = new CommandApdu(0xCA, (byte)(tag >> 8), (byte)tag, default, expectsData: true)
        {
            HasLongAnswer = tag == TagApplicationData,
            MayChangeForm = true,
        };
        return channel.Send(command);
    }

    /// <summary>
    /// GET DATA 6E for nothing but its answer's length, some 200 bytes and more (4.4.1): see <see cref="CardMonitor.CoverTraces"/>.
    /// </summary>
    public void AskForLongAnswer()
    {
        GetData(TagApplicationData);
        channel.Forget();
    }

    /// <summary>
    /// VERIFY without data (7.2.2): a question that costs no try. 9000: PW1 is verified for DECIPHER; 63Cx: it is not;
    /// anything else says nothing.
    /// </summary>
    public StatusWord QueryVerified() =>
        channel.Send(new CommandApdu(0x20, 0x00, Pw1ForDecipher, default, expectsData: false)).Status;

    /// <summary>
    /// VERIFY PW1 for DECIPHER (7.2.2). Costs a try when <paramref name="pin"/> is wrong: called once per PIN, which is empty afterwards.
    /// </summary>
    public StatusWord Verify(SecretBuffer pin) =>
        channel.Send(new CommandApdu(0x20, 0x00, Pw1ForDecipher, pin.Span, expectsData: false) { Given = pin }).Status;

    /// <summary>
    /// RESET RETRY COUNTER with the resetting code (7.2.4): costs one of its tries when it is wrong; called once per code.
    /// </summary>
    /// <param name="codeAndPin">The resetting code, directly followed by the new PW1; empty afterwards.</param>
    public StatusWord ResetRetryCounter(SecretBuffer codeAndPin) =>
        channel.Send(new CommandApdu(0x2C, 0x00, Pw1, codeAndPin.Span, expectsData: false) { Given = codeAndPin }).Status;

    /// <summary>GENERATE ASYMMETRIC KEY PAIR as a question for the decryption key's public part (7.2.14); makes no key.</summary>
    public ResponseApdu ReadPublicKey() =>
        channel.Send(new CommandApdu(0x47, 0x81, 0x00, [0xB8, 0x00], expectsData: true));

    /// <summary>
    /// PSO:DECIPHER (7.2.11). RSA: the session key block without its padding; ECDH: the shared point or its X.
    /// </summary>
    public ResponseApdu Decipher(ReadOnlySpan<byte> cryptogram) =>
        channel.Send(new CommandApdu(0x2A, 0x80, 0x86, cryptogram, expectsData: true) { MayChangeForm = true });
}
