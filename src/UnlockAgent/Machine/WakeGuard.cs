// SPDX-License-Identifier: GPL-3.0-or-later
// The touch or the key that wakes a dark screen types nothing, from its beginning to its end; nor does a second finger that comes
// while the first is still down. Pure.
namespace UnlockAgent.Machine;

internal sealed class WakeGuard
{
    private readonly HashSet<int> contacts = [];
    private readonly HashSet<int> keys = [];

    /// <summary>Follows a contact.</summary>
    /// <param name="contact">Which one.</param>
    /// <param name="begins">It goes down.</param>
    /// <param name="ends">It goes up, or is lost.</param>
    /// <param name="isDark">Whether the screen is dark now.</param>
    /// <returns>True where this is no more than waking.</returns>
    public bool Swallows(int contact, bool begins, bool ends, bool isDark)
    {
        if (begins && (isDark || contacts.Count > 0))
        {
            contacts.Add(contact);
        }

        return ends ? contacts.Remove(contact) : contacts.Contains(contact);
    }

    /// <summary>Follows a key.</summary>
    /// <param name="code">Which one.</param>
    /// <param name="isDown">It goes down or repeats.</param>
    /// <param name="isDark">Whether the screen is dark now.</param>
    /// <returns>True where this is no more than waking.</returns>
    public bool SwallowsKey(int code, bool isDown, bool isDark)
    {
        if (isDown && isDark)
        {
            keys.Add(code);
        }

        return isDown ? keys.Contains(code) : keys.Remove(code);
    }
}
