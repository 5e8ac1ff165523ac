// SPDX-License-Identifier: GPL-3.0-or-later

namespace CardUnlock.Tests;

public sealed class LockedPagesTests
{
    private const int AtOnce = 16;

    [Fact]
    public void Pages_come_from_the_kernel_by_the_dozen_and_are_kept()
    {
        var pages = new LockedPages();
        nint[] first = Take(pages, AtOnce);
        Assert.Equal(AtOnce, first.Distinct().Count());
        Assert.Equal((AtOnce - 1) * LockedPages.Size, first.Max() - first.Min());
        Array.ForEach(first, pages.GiveBack);
        Assert.Equal(first.Order(), Take(pages, AtOnce).Order());
        Assert.DoesNotContain(pages.Take(), first);
    }

    [Fact]
    public unsafe void Page_that_comes_back_is_zero_for_the_next_owner()
    {
        var pages = new LockedPages();
        nint page = pages.Take();
        new Span<byte>((void*)page, LockedPages.Size).Fill(0xA5);
        pages.GiveBack(page);
        Assert.Equal(-1, new Span<byte>((void*)page, LockedPages.Size).IndexOfAnyExcept((byte)0));
        Assert.Equal(page, pages.Take());
    }

    [Fact]
    public void Two_threads_never_have_the_same_page()
    {
        var pages = new LockedPages();
        nint[][] taken = [.. Enumerable.Range(0, 4).AsParallel().WithDegreeOfParallelism(4).Select(_ => Take(pages, 100))];
        Assert.Equal(400, taken.SelectMany(some => some).Distinct().Count());
    }

    private static nint[] Take(LockedPages pages, int count) => [.. Enumerable.Range(0, count).Select(_ => pages.Take())];
}
