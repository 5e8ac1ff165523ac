// SPDX-License-Identifier: GPL-3.0-or-later

using System.Diagnostics;
using System.Text;
using CardUnlock.Native;

namespace CardUnlock.Tests;

/// <summary>Another program that holds the first reader's card for itself, as scdaemon does.</summary>
internal sealed class ExclusiveHolder : IDisposable
{
    private const uint Exclusive = 1;
    private readonly PcscContext context = PcscContext.Establish();
    private readonly PcscCard card;

    public unsafe ExclusiveHolder()
    {
        string reader = context.Readers()[0];
        nint card = 0;
        nuint protocol = 0;
        fixed (byte* name = Encoding.UTF8.GetBytes(reader + '\0'))
        {
            const uint protocols = PcscLite.SCARD_PROTOCOL_T1 | PcscLite.SCARD_PROTOCOL_T0;
            long start = Stopwatch.GetTimestamp();
            uint code;
            do
            {
                // The daemon may tell of the card a moment after it has switched it on.
                code = PcscContext.Code(PcscLite.SCardConnect(context, name, Exclusive, protocols, &card, &protocol));
            }
            while (code == PcscLite.SCARD_E_NO_SMARTCARD && Stopwatch.GetElapsedTime(start) < MonitorWaits.Patience);
            Assert.Equal(PcscLite.SCARD_S_SUCCESS, code);
        }

        this.card = new PcscCard(card, reader, (uint)protocol);
    }

    public void Dispose()
    {
        card.Dispose();
        context.Dispose();
    }
}
