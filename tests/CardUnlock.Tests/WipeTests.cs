// SPDX-License-Identifier: GPL-3.0-or-later
// Each wipe by itself: what was in the page, or in a buffer of the channel, is looked for once it is of no more use.

using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using CardSimulator;

namespace CardUnlock.Tests;

public sealed class WipeTests(GpgKeys keys) : IClassFixture<GpgKeys>
{
    private const byte VerifyInstruction = 0x20;
    private const string Pin = "123456";
    private static readonly byte[] Secret = [.. Guid.NewGuid().ToByteArray(), .. Guid.NewGuid().ToByteArray()];
    private static readonly byte[] Plain = [.. Enumerable.Range(0, 64).Select(i => (byte)(i * 11))];

    [Fact]
    public void What_a_shorter_length_dropped_reads_zero_when_it_grows_again()
    {
        using SecretBuffer buffer = SecretBuffer.Allocate(64);
        buffer.TryAppend(Secret);
        buffer.Resize(4);
        Assert.Equal([.. Secret[..4], .. new byte[Secret.Length - 4]], buffer.Resize(Secret.Length).ToArray());
    }

    // The page stays mapped: whoever has it next, this is not there any more.
    [Fact]
    public unsafe void A_page_goes_back_without_what_was_in_it()
    {
        SecretBuffer buffer = SecretBuffer.Allocate(64);
        buffer.TryAppend(Secret);
        ReadOnlySpan<byte> page = new(Address(buffer), LockedPages.Size);
        Assert.Equal(0, page.IndexOf(Secret));
        buffer.Dispose();
        Assert.Equal(-1, page.IndexOf(Secret));
    }

    // The kernel is told to refuse to take these very pages back, to this thread: so they can be looked at after.
    [Fact]
    public unsafe void Pages_of_its_own_are_zero_before_the_kernel_has_them()
    {
        int length = 2 * LockedPages.Size;
        int left = -1, before = -1, refused = 0;
        var thread = new Thread(() =>
        {
            SecretBuffer buffer = SecretBuffer.Allocate(length);
            buffer.Resize(length).Fill(0xA5);
            byte* pages = Address(buffer);
            before = new ReadOnlySpan<byte>(pages, length).IndexOfAnyExcept((byte)0);
            SystemCalls.RefuseUnmap((nint)pages);
            buffer.Dispose();
            refused = SystemCalls.Unmap((nint)pages, (nuint)length);
            left = new ReadOnlySpan<byte>(pages, length).IndexOfAnyExcept((byte)0);
        });
        thread.Start();
        thread.Join();
        Assert.Equal((0, -1, -1), (before, refused, left));
    }

    [Fact]
    public void Once_a_card_has_answered_the_channel_holds_nothing_of_it()
    {
        VirtualCard card = keys.Card("cv25519");
        SecretBuffer[] buffers = [];
        bool held = false;
        var watched = new WatchedTransport(new CardTransport(card), command =>
            held |= command[1] == VerifyInstruction && command.Length > 5 && buffers[0].Span.IndexOf(Encoding.ASCII.GetBytes(Pin)) >= 0);
        using CardSession session = CardSession.Open(watched, false, [keys.Parsed(Plain, ["cv25519"])], askVerified: false)!;
        buffers = Buffers(session);
        Assert.True(buffers[2].Length > 0);
        using (SecretBuffer key = Assert.IsType<UnlockResult.Key>(session.Unlock(Pins.Make(Pin))).Secret)
        {
            Assert.Equal(Plain, key.Span.ToArray());
        }

        Assert.True(held);
        Assert.All(buffers, buffer => Assert.Equal(0, buffer.Length));
        Assert.All(buffers, buffer => Assert.Equal(-1, buffer.Resize(buffer.Capacity).IndexOfAnyExcept((byte)0)));
    }

    private static unsafe byte* Address(SecretBuffer buffer) => (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(buffer.Span));

    // The command, the part of an answer, the whole answer.
    private static SecretBuffer[] Buffers(CardSession session)
    {
        object channel = Field(Field(session, "card"), "channel");
        return [.. ((string[])["commandBuffer", "partBuffer", "responseBuffer"]).Select(name => (SecretBuffer)Field(channel, name))];
    }

    private static object Field(object of, string name) =>
        of.GetType().GetField(name, BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(of)!;

    private sealed class WatchedTransport(ICardTransport card, Action<byte[]> sent) : ICardTransport
    {
        public int Transmit(ReadOnlySpan<byte> command, Span<byte> response)
        {
            sent([.. command]);
            return card.Transmit(command, response);
        }
    }
}
