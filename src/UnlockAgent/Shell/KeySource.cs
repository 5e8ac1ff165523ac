// SPDX-License-Identifier: GPL-3.0-or-later
// Where a disk's encrypted keys come from: the third field of crypttab names a key file, or is "none", and then they stand in the
// tokens of the disk's own LUKS2 header.
using CardUnlock;
using UnlockAgent.Machine;

namespace UnlockAgent.Shell;

/// <summary>One disk's place of keys.</summary>
/// <param name="field">crypttab's third field.</param>
/// <param name="device">What holds the LUKS2 header; null where nobody said.</param>
internal sealed class KeySource(string field, string? device)
{
    /// <summary>crypttab's word for "no key file".</summary>
    public const string None = "none";

    private readonly object gate = new();
    private bool isFramePresented;

    /// <summary>Lets other programs run: the first frame comes before them.</summary>
    public void FramePresented()
    {
        lock (gate)
        {
            isFramePresented = true;
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Reads them; on the card thread, since a header can take its time.</summary>
    /// <param name="messages">At least one where nothing is wrong.</param>
    public KeyFileFault Read(out IReadOnlyList<EncryptedKey> messages)
    {
        if (field == None)
        {
            AwaitFrame();
            return HeaderTokens.Read(device, out messages);
        }

        var fault = KeyFile.Read(field, out var message);
        messages = message is null ? [] : [message];
        return fault;
    }

    /// <summary>
    /// Parses a message. Public keys give names and what is unusual in a key: broken ones cost these, and not the card.
    /// </summary>
    /// <param name="place">Where the two are, for the log.</param>
    /// <param name="wanted">The cards to ask for; null: those that the public keys name.</param>
    public static MessageFault Parse(
        string place,
        ReadOnlySpan<byte> file,
        ReadOnlySpan<byte> publicKeys,
        IReadOnlyList<WantedCard>? wanted,
        out EncryptedKey? message)
    {
        var fault = EncryptedKey.Parse(file, publicKeys, wanted, out message);
        if (message is not null || publicKeys.IsEmpty)
        {
            return fault;
        }

        var alone = EncryptedKey.Parse(file, default, wanted, out message);
        if (message is not null)
        {
            Log.Write($"the public keys of {place} are passed over: {fault}");
        }

        return alone;
    }

    private void AwaitFrame()
    {
        lock (gate)
        {
            while (!isFramePresented)
            {
                Monitor.Wait(gate);
            }
        }
    }
}
