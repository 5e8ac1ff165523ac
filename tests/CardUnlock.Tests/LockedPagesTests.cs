// SPDX-License-Identifier: GPL-3.0-or-later

namespace CardUnlock.Tests;

public sealed class LockedPagesTests
{
    private const int AtOnce = 16;

    [Fact]
    public void Pages_come_from_the_kernel_by_the_dozen_and_are_kept()
    {
        var pages = new LockedPages(LockedPages.Map);
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
        var pages = new LockedPages(LockedPages.Map);
        nint page = pages.Take();
        new Span<byte>((void*)page, LockedPages.Size).Fill(0xA5);
        pages.GiveBack(page);
        Assert.Equal(-1, new Span<byte>((void*)page, LockedPages.Size).IndexOfAnyExcept((byte)0));
        Assert.Equal(page, pages.Take());
    }

    [Fact]
    public void Two_threads_never_have_the_same_page()
    {
        var pages = new LockedPages(LockedPages.Map);
        nint[][] taken = [.. Enumerable.Range(0, 4).AsParallel().WithDegreeOfParallelism(4).Select(_ => Take(pages, 100))];
        Assert.Equal(400, taken.SelectMany(some => some).Distinct().Count());
    }

    [Fact]
    public void Where_little_may_be_locked_pages_come_one_by_one()
    {
        nuint left = (nuint)(3 * LockedPages.Size);
        var pages = new LockedPages(size =>
        {
            nint given = size <= left ? LockedPages.Map(size) : throw new SecretMemoryException("mlock", 12);
            left -= size;
            return given;
        });
        nint[] taken = Take(pages, 3);
        Assert.Equal(3, taken.Distinct().Count());
        Assert.Throws<SecretMemoryException>(() => pages.Take());
        pages.GiveBack(taken[1]);
        Assert.Equal(taken[1], pages.Take());
    }

    private static nint[] Take(LockedPages pages, int count) => [.. Enumerable.Range(0, count).Select(_ => pages.Take())];
}
