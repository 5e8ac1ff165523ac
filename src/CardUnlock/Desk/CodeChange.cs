// SPDX-License-Identifier: GPL-3.0-or-later
// New codes on a selected card (OpenPGP card 3.4 sections 7.2.3, 7.2.4, 4.3.4). Lengths are checked before anything is sent, for some
// cards count what is too short; each command that carries a code is sent once, whatever the card answers.

using System.Globalization;

namespace CardUnlock;

/// <summary>One change on one card.</summary>
/// <param name="card">Selected and read.</param>
/// <param name="data">What it says of itself.</param>
/// <param name="before">Its tries and lengths.</param>
internal sealed class CodeChange(OpenPgpCard card, CardData data, CodeStatus before)
{
    private const string UnknownHash =
        "The card asks for a PIN hash that is not known. Use the software that set it up (`gpg --card-edit`).";

    private const string OwnRules = "It may have rules of its own for codes: try a longer or less simple one.";

    private enum Code
    {
        Pin,
        Admin,
        Reset,
    }

    /// <summary>The command that changes the code was sent, and its answer has not come: whether the card took it is not known.</summary>
    public bool IsUnderWay { get; private set; }

    /// <summary>CHANGE REFERENCE DATA.</summary>
    public CodeResult ChangePin(bool admin, SecretBuffer oldPin, SecretBuffer newPin)
    {
        Code code = admin ? Code.Admin : Code.Pin;
        return Refuse(code, oldPin) ?? RefuseLength(code, newPin)
            ?? Send(code, code, oldPin, newPin, both => card.ChangeReferenceData(admin, both));
    }

    /// <summary>RESET RETRY COUNTER with the resetting code.</summary>
    public CodeResult UnblockByCode(SecretBuffer code, SecretBuffer newPin) =>
        Refuse(Code.Reset, code) ?? RefuseLength(Code.Pin, newPin)
            ?? Send(Code.Reset, Code.Pin, code, newPin, card.ResetRetryCounter);

    /// <summary>RESET RETRY COUNTER after VERIFY of the admin PIN.</summary>
    public CodeResult UnblockByAdmin(SecretBuffer adminPin, SecretBuffer newPin) =>
        Refuse(Code.Admin, adminPin) ?? RefuseLength(Code.Pin, newPin)
            ?? SendAsAdmin(adminPin, Code.Pin, newPin, card.ResetRetryCounterAsAdmin);

    /// <summary>PUT DATA D3 after VERIFY of the admin PIN.</summary>
    public CodeResult SetResetCode(SecretBuffer adminPin, SecretBuffer newCode) =>
        Refuse(Code.Admin, adminPin) ?? RefuseLength(Code.Reset, newCode)
            ?? SendAsAdmin(adminPin, Code.Reset, newCode, card.PutResettingCode);

    private CodeResult? Refuse(Code code, SecretBuffer secret) =>
        Tries(before, code) == 0 ? new CodeResult.Blocked() : RefuseLength(code, secret);

    private CodeResult.WrongLength? RefuseLength(Code code, SecretBuffer secret)
    {
        (int min, int max) = code switch
        {
            Code.Pin => before.PinLength,
            Code.Admin => before.AdminLength,
            _ => before.ResetLength,
        };
        return secret.Length < min || secret.Length > max ? new CodeResult.WrongLength(min, max) : null;
    }

    private static int? Tries(CodeStatus status, Code code) => code switch
    {
        Code.Pin => status.PinTries,
        Code.Admin => status.AdminTries,
        _ => status.ResetTries,
    };

    private CodeResult Send(Code proof, Code changed, SecretBuffer old, SecretBuffer next, Func<SecretBuffer, StatusWord> send)
    {
        using SecretBuffer? sentOld = Derive(proof, old);
        using SecretBuffer? sentNew = Derive(changed, next);
        if (sentOld is null || sentNew is null)
        {
            return new CodeResult.Failed(UnknownHash);
        }

        using SecretBuffer both = SecretBuffer.Allocate(sentOld.Length + sentNew.Length);
        both.TryAppend(sentOld.Span);
        both.TryAppend(sentNew.Span);
        sentOld.Clear();
        sentNew.Clear();
        return Judge(Sent(send, both), proof);
    }

    private CodeResult SendAsAdmin(SecretBuffer adminPin, Code changed, SecretBuffer next, Func<SecretBuffer, StatusWord> send)
    {
        using SecretBuffer? sentAdmin = Derive(Code.Admin, adminPin);
        using SecretBuffer? sentNew = Derive(changed, next);
        if (sentAdmin is null || sentNew is null)
        {
            return new CodeResult.Failed(UnknownHash);
        }

        CodeResult verified = Judge(card.VerifyAdmin(sentAdmin), Code.Admin);
        if (verified is not CodeResult.Done)
        {
            return verified;
        }

        StatusWord status = Sent(send, sentNew);
        return status.IsOk ? verified : Refused(status);
    }

    private StatusWord Sent(Func<SecretBuffer, StatusWord> send, SecretBuffer data)
    {
        IsUnderWay = true;
        StatusWord status = send(data);
        IsUnderWay = false;
        return status;
    }

    // What the card is sent, in place of what was typed, which is wiped; null: a hash that is not known.
    private SecretBuffer? Derive(Code code, SecretBuffer secret)
    {
        if (data.Derivation is PinDerivation derivation)
        {
            SecretBuffer? derived = code switch
            {
                Code.Pin => derivation.Derive(secret.Span),
                Code.Reset => derivation.DeriveResetCode(secret.Span),
                _ => AdminDerivation(derivation).Derive(secret.Span),
            };
            secret.Clear();
            return derived;
        }

        return secret.Move();
    }

    // Where PW3 has no salt of its own, PW1's serves.
    private PinDerivation AdminDerivation(PinDerivation derivation) =>
        card.ReadAdminSalt() is { Length: > 0 } salt ? derivation with { Salt = salt } : derivation;

    // The counter tells a wrong code from one that the card did not compare.
    private CodeResult Judge(StatusWord status, Code proof)
    {
        if (status.IsOk)
        {
            return new CodeResult.Done();
        }

        int? left = status.IsBlocked ? 0 : status.TriesLeft ?? Tries(CodeStatus.Parse(card.ReadPinStatusBytes()), proof);
        bool isWrong = status.IsSecurityStatus || status.IsBlocked || status.TriesLeft is not null
            || (left is int now && Tries(before, proof) is int once && now < once);
        return isWrong ? new CodeResult.Wrong(left) : Refused(status);
    }

    private static CodeResult.Failed Refused(StatusWord status) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"The card did not take the new code (status word {status.Value:X4}). {OwnRules}"));
}
