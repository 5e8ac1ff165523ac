// SPDX-License-Identifier: GPL-3.0-or-later
// A person's new codes: only for the card that they saw, as they saw it, and with no other program in between.

using CardUnlock.Native;

namespace CardUnlock;

public sealed partial class CardDesk
{
    /// <summary>CHANGE REFERENCE DATA (7.2.3), sent once.</summary>
    /// <param name="shown">The card that the person saw; another one, or another number of tries left: nothing is sent.</param>
    /// <param name="admin">True: the admin PIN (PW3); false: the PIN (PW1).</param>
    /// <param name="oldPin">Ownership passes, as <paramref name="newPin"/>'s.</param>
    public CodeResult ChangePin(CardReport shown, bool admin, SecretBuffer oldPin, SecretBuffer newPin) =>
        Change(shown, oldPin, newPin, change => change.ChangePin(admin, oldPin, newPin));

    /// <summary>RESET RETRY COUNTER (7.2.4) with the resetting code, or after VERIFY of the admin PIN, sent once.</summary>
    /// <param name="shown">As above.</param>
    /// <param name="byAdmin">True: <paramref name="code"/> is the admin PIN; false: the resetting code.</param>
    /// <param name="code">Ownership passes, as <paramref name="newPin"/>'s.</param>
    public CodeResult Unblock(CardReport shown, bool byAdmin, SecretBuffer code, SecretBuffer newPin) => Change(
        shown, code, newPin, change => byAdmin ? change.UnblockByAdmin(code, newPin) : change.UnblockByCode(code, newPin));

    /// <summary>PUT DATA D3 (4.3.4) after VERIFY of the admin PIN, sent once.</summary>
    /// <param name="shown">As above.</param>
    /// <param name="adminPin">Ownership passes, as <paramref name="newCode"/>'s.</param>
    public CodeResult SetResetCode(CardReport shown, SecretBuffer adminPin, SecretBuffer newCode) =>
        Change(shown, adminPin, newCode, change => change.SetResetCode(adminPin, newCode));

    private CodeResult Change(CardReport shown, SecretBuffer first, SecretBuffer second, Func<CodeChange, CodeResult> work)
    {
        using (first)
        using (second)
        {
            CodeChange? change = null;
            try
            {
                return ChangeOnce(shown, begun => work(change = begun));
            }
            catch (PcscException e)
            {
                bool isUncertain = change is { IsUnderWay: true };
                return IsRemoval(e, shown.Reader)
                    ? new CodeResult.CardRemoved(isUncertain) : new CodeResult.Failed(Explain(e), isUncertain);
            }
        }
    }

    private CodeResult ChangeOnce(CardReport shown, Func<CodeChange, CodeResult> work)
    {
        using PcscCard connection = Connect(shown.Reader);
        try
        {
            using var card = new OpenPgpCard(connection, connection.IsCharacterProtocol, ExtendedLength(connection));
            if (!IsSelected(card) || card.ReadCardData() is not CardData data)
            {
                return new CodeResult.CardRemoved();
            }

            CodeStatus status = CodeStatus.Read(card, data);
            CardReport now = CardReport.Of(shown.Reader, data, status, shown.Holder);
            bool isShown = (now.Serial, now.TriesLeft, now.ResetTriesLeft, now.AdminTriesLeft)
                == (shown.Serial, shown.TriesLeft, shown.ResetTriesLeft, shown.AdminTriesLeft);
            return isShown ? work(new CodeChange(card, data, status)) : new CodeResult.CardRemoved();
        }
        finally
        {
            connection.PowerDown();
        }
    }
}
