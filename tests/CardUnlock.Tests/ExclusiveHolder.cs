// SPDX-License-Identifier: GPL-3.0-or-later

using System.Text;
using CardUnlock.Native;

namespace CardUnlock.Tests;

/// <summary>Another program that holds the first reader's card for itself, as scdaemon does.</summary>
internal sealed class ExclusiveHolder : IDisposable
{
    private const uint Exclusive = 1;
    private readonly PcscContext _context = PcscContext.Establish();
    private readonly PcscCard _card;

    public unsafe ExclusiveHolder()
    {
        string reader = _context.Readers()[0];
        nint card = 0;
        nuint protocol = 0;
        fixed (byte* name = Encoding.UTF8.GetBytes(reader + '\0'))
        {
            uint code = PcscContext.Code(PcscLite.SCardConnect(_context, name, Exclusive, PcscLite.SCARD_PROTOCOL_T1 | PcscLite.SCARD_PROTOCOL_T0, &card, &protocol));
            Assert.Equal(PcscLite.SCARD_S_SUCCESS, code);
        }

        _card = new PcscCard(card, reader, (uint)protocol);
    }

    public void Dispose()
    {
        _card.Dispose();
        _context.Dispose();
    }
}
