// SPDX-License-Identifier: GPL-3.0-or-later

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
            uint code = PcscContext.Code(PcscLite.SCardConnect(context, name, Exclusive, PcscLite.SCARD_PROTOCOL_T1 | PcscLite.SCARD_PROTOCOL_T0, &card, &protocol));
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
