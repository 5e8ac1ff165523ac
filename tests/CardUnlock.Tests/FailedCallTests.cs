// SPDX-License-Identifier: GPL-3.0-or-later
// Every native call, failing, and what its caller does then.
using System.Runtime.CompilerServices;
using CardSimulator;
using CardUnlock.Native;
using FailingCalls;

namespace CardUnlock.Tests;

[Collection(OnePcscd.Name)]
public sealed class FailedCallTests(PcscFixture pcsc)
{
    private const int EPERM = 1, ENOMEM = 12, EINVAL = 22, ENOSYS = 38;

    private static readonly Dictionary<string, Action<FailedCallTests>> table = new()
    {
        ["Libc.mmap(IntPtr,UIntPtr,Int32,Int32,Int32,IntPtr)"] = _ => NoMemory("mmap", ENOMEM),
        ["Libc.mlock(IntPtr,UIntPtr)"] = _ => NoMemory("mlock", EPERM),
        ["Libc.madvise(IntPtr,UIntPtr,Int32)"] = _ => NoMemory("madvise", EINVAL),
        ["Libc.munmap(IntPtr,UIntPtr)"] = _ => WhatStaysMappedIsWiped(),
        ["Libc.getrandom(Byte*,UIntPtr,UInt32)"] = _ => Calls.Fail("getrandom", ENOSYS, () =>
        {
            var e = Assert.Throws<SecretMemoryException>(() => RandomBytes.Fill(new byte[8]));
            Assert.Equal(("getrandom", ENOSYS), (e.Operation, e.Errno));
        }),
        ["PcscLite.SCardEstablishContext(UIntPtr,IntPtr,IntPtr,IntPtr*)"] = _ => Refused(
            "SCardEstablishContext", PcscLite.SCARD_E_NO_SERVICE, () => PcscContext.Establish()),
        ["PcscLite.SCardListReaders(PcscContext,IntPtr,Byte*,UIntPtr*)"] = test => test.WithContext(context => Refused(
            "SCardListReaders", PcscLite.SCARD_E_SERVICE_STOPPED, () => context.Readers())),
        ["PcscLite.SCardGetStatusChange(PcscContext,UIntPtr,SCARD_READERSTATE*,UIntPtr)"] = test => test.WithContext(context => Fails(
            "SCardGetStatusChange", PcscLite.SCARD_E_SERVICE_STOPPED,
            () => Assert.Equal(PcscLite.SCARD_E_SERVICE_STOPPED, context.WaitChange(0, ["reader"], [0], new uint[1])))),
        // Whom it was to wake waits until its own time is over.
        ["PcscLite.SCardCancel(PcscContext)"] = test => test.WithContext(context => Fails(
            "SCardCancel", PcscLite.SCARD_E_NO_SERVICE, context.Cancel)),
        ["PcscLite.SCardReleaseContext(IntPtr)"] = test => test.WithContext(context => Fails(
            "SCardReleaseContext", PcscLite.SCARD_E_INVALID_HANDLE, () =>
            {
                context.Dispose();
                Assert.True(context.IsClosed);
            })),
        ["PcscLite.SCardConnect(PcscContext,Byte*,UIntPtr,UIntPtr,IntPtr*,UIntPtr*)"] = test => test.WithContext(context => Refused(
            "SCardConnect", PcscLite.SCARD_E_SHARING_VIOLATION, () => context.Connect("reader"))),
        ["PcscLite.SCardStatus(PcscCard,Byte*,UIntPtr*,UIntPtr*,UIntPtr*,Byte*,UIntPtr*)"] = test => test.WithCard(card => Fails(
            "SCardStatus", PcscLite.SCARD_W_REMOVED_CARD, () => Assert.Empty(card.AnswerToReset()))),
        ["PcscLite.SCardDisconnect(IntPtr,UIntPtr)"] = test => test.WithCard(card => Fails(
            "SCardDisconnect", PcscLite.SCARD_E_NO_SERVICE, () =>
            {
                card.PowerDown();
                Assert.True(card.IsClosed);
            })),
        ["PcscLite.SCardBeginTransaction(PcscCard)"] = test => test.WithCard(card => Refused(
            "SCardBeginTransaction", PcscLite.SCARD_W_RESET_CARD, card.BeginTransaction)),
        // The next command says that the card is gone.
        ["PcscLite.SCardEndTransaction(PcscCard,UIntPtr)"] = test => test.WithCard(card => Fails(
            "SCardEndTransaction", PcscLite.SCARD_W_REMOVED_CARD, card.EndTransaction)),
        ["PcscLite.SCardTransmit(PcscCard,SCARD_IO_REQUEST*,Byte*,UIntPtr,SCARD_IO_REQUEST*,Byte*,UIntPtr*)"] = test => test.WithCard(
            card => Refused("SCardTransmit", PcscLite.SCARD_E_NOT_TRANSACTED, () => card.Transmit([0, 0xCA, 0, 0x4F, 0], new byte[258]))),
    };

    public static TheoryData<string> Names => [.. table.Keys];

    [ModuleInitializer]
    internal static void Attach() => Calls.Attach(typeof(SecretBuffer).Assembly);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_native_call_that_fails_has_the_answer_that_is_promised(string name) => table[name](this);

    [Fact]
    public void Every_native_call_is_in_the_table() =>
        Assert.Equal(Calls.Imports(typeof(SecretBuffer).Assembly).Order(StringComparer.Ordinal), table.Keys.Order(StringComparer.Ordinal));

    private static void NoMemory(string name, int errno) => Calls.Fail(name, errno, () =>
    {
        var e = Assert.Throws<SecretMemoryException>(() => LockedPages.Map((nuint)LockedPages.Size));
        Assert.Equal((name, errno), (e.Operation, e.Errno));
    });

    private static unsafe void WhatStaysMappedIsWiped()
    {
        SecretBuffer buffer = SecretBuffer.Allocate(3 * LockedPages.Size);
        Assert.True(buffer.TryAppend("secret"u8));
        nint start = buffer.DangerousGetHandle();
        var bytes = new ReadOnlySpan<byte>((void*)start, 3 * LockedPages.Size);
        Assert.True(bytes.IndexOf("secret"u8) >= 0);
        Calls.Fail("munmap", EINVAL, buffer.Dispose);
        Assert.Equal(-1, bytes.IndexOfAnyExcept((byte)0));
        Assert.Equal(0, Libc.munmap(start, (nuint)bytes.Length));
    }

    private static void Fails(string name, uint code, Action run) =>
        Calls.Fail(name, 0, run, result: unchecked((nint)code), of: PcscLite.Library);

    private static void Refused(string name, uint code, Action run) => Fails(name, code, () =>
    {
        var e = Assert.Throws<PcscException>(run);
        Assert.Equal((name, code), (e.Operation, e.Code));
    });

    private void WithContext(Action<PcscContext> use)
    {
        // For its daemon alone.
        Assert.NotNull(pcsc.Keys);
        using var context = PcscContext.Establish();
        use(context);
    }

    private void WithCard(Action<PcscCard> use)
    {
        using VpcdReader reader = pcsc.Reader(new VirtualCard());
        reader.Insert();
        using var context = PcscContext.Establish();
        string name = context.Readers()[0];
        PcscCard? card = null;
        Assert.True(SpinWait.SpinUntil(() => (card = TryConnect(context, name)) is not null, MonitorWaits.Patience));
        using (card)
        {
            use(card!);
        }
    }

    private static PcscCard? TryConnect(PcscContext context, string name)
    {
        try
        {
            return context.Connect(name);
        }
        catch (PcscException)
        {
            return null;
        }
    }
}
