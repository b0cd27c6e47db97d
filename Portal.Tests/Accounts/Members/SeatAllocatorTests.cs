using Microsoft.EntityFrameworkCore;
using Portal.Accounts.Members;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Tests.Fixtures;
using static Portal.Tests.Billing.Ledger.WalletScene;

namespace Portal.Tests.Accounts.Members;

public sealed class SeatAllocatorTests : IAsyncDisposable
{
    private MemberScene scene = null!;

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task What_is_given_is_exactly_what_the_organisation_has_less_and_taking_back_restores_it(DatabaseProvider provider)
    {
        await Start(provider);
        await scene.Grant(LedgerCodes.Pool, Unit.Images, 1000);

        Assert.Null(await Give(scene.Owner, 200, scene.Student));
        Assert.Equal((200, 800), (await scene.Left(scene.Student, Unit.Images), await scene.Free(Unit.Images)));

        Assert.Null(await TakeBack(scene.Admin, 50, scene.Student));
        Assert.Equal((150, 850), (await scene.Left(scene.Student, Unit.Images), await scene.Free(Unit.Images)));
        await scene.AssertBooks();
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task More_than_there_is_is_refused_with_both_figures_and_moves_nothing(DatabaseProvider provider)
    {
        await Start(provider);
        await scene.Grant(LedgerCodes.Pool, Unit.Images, 100);

        Assert.Equal(new Refusal("allocation.short.images", "101", "100"), await Give(scene.Owner, 101, scene.Student));
        Assert.Null(await Give(scene.Owner, 60, scene.Student));
        Assert.Equal(new Refusal("takeback.short.images", "61", "60"), await TakeBack(scene.Owner, 61, scene.Student));

        Assert.Equal((60, 40), (await scene.Left(scene.Student, Unit.Images), await scene.Free(Unit.Images)));
    }

    [Theory]
    [InlineData(Unit.Images, 0)]
    [InlineData(Unit.Images, -5)]
    [InlineData(Unit.Money, 5)]
    public async Task An_amount_that_is_no_quota_is_refused(Unit unit, long amount)
    {
        await Start(DatabaseProvider.Sqlite);
        await scene.Grant(LedgerCodes.Pool, Unit.Images, 100);

        Assert.Equal("quota.amount", (await scene.Allocator.Give(scene.Owner, [scene.Student.MembershipId], unit, amount, Guid.NewGuid())).Refusal?.Code);
        Assert.Equal("quota.amount", (await scene.Allocator.TakeBack(scene.Owner, scene.Student.MembershipId, unit, amount, Guid.NewGuid())).Refusal?.Code);
    }

    [Fact]
    public async Task An_amount_beyond_all_numbers_is_refused_with_the_true_sum()
    {
        await Start(DatabaseProvider.Sqlite);
        await scene.Grant(LedgerCodes.Pool, Unit.Tokens, 7);

        var outcome = await scene.Allocator.Give(scene.Owner, [scene.Student.MembershipId, scene.OtherStudent.MembershipId], Unit.Tokens, long.MaxValue, Guid.NewGuid());

        Assert.Equal(new Refusal("allocation.short.tokens", "18446744073709551614", "7"), outcome.Refusal);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Several_members_get_the_same_or_nobody_gets_anything(DatabaseProvider provider)
    {
        await Start(provider);
        await scene.Grant(LedgerCodes.Allowance, Unit.Images, 70, scene.Time.GetUtcNow().AddDays(10));
        await scene.Grant(LedgerCodes.Pool, Unit.Images, 30);

        Assert.Equal(new Refusal("allocation.short.images", "102", "100"), await Give(scene.Owner, 51, scene.Student, scene.OtherStudent));
        Assert.Equal((0, 100), (await scene.Left(scene.Student, Unit.Images), await scene.Free(Unit.Images)));

        Assert.Null(await Give(scene.Owner, 50, scene.Student, scene.OtherStudent));
        Assert.Equal((50, 50, 0), (await scene.Left(scene.Student, Unit.Images), await scene.Left(scene.OtherStudent, Unit.Images), await scene.Free(Unit.Images)));
        await scene.AssertBooks();
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Two_admins_who_hand_out_the_last_quota_at_once_hand_it_out_once(DatabaseProvider provider)
    {
        await Start(provider);
        await scene.Grant(LedgerCodes.Pool, Unit.Images, 100);

        var refusals = await Task.WhenAll(
            Task.Run(() => Give(scene.Owner, 100, scene.Student)),
            Task.Run(() => Give(scene.Admin, 100, scene.OtherStudent)));

        Assert.Single(refusals, r => r is null);
        Assert.Single(refusals, r => r == new Refusal("allocation.short.images", "100", "0"));
        Assert.Equal(100, await scene.Left(scene.Student, Unit.Images) + await scene.Left(scene.OtherStudent, Unit.Images));
        await scene.AssertBooks();
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_double_click_is_one_allocation_and_one_line_in_the_audit(DatabaseProvider provider)
    {
        await Start(provider);
        await scene.Grant(LedgerCodes.Pool, Unit.Images, 100);
        var (form, back) = (Guid.NewGuid(), Guid.NewGuid());

        var given = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(() => Give(scene.Owner, 60, form, scene.Student))));
        var taken = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(async () =>
            (await scene.Allocator.TakeBack(scene.Owner, scene.Student.MembershipId, Unit.Images, 20, back)).Refusal)));

        Assert.All(given.Concat(taken), Assert.Null);
        Assert.Equal((40, 60), (await scene.Left(scene.Student, Unit.Images), await scene.Free(Unit.Images)));
        await using var db = scene.Open();
        Assert.Equal(["seat.allocated", "seat.taken-back"], await db.AuditEntries.OrderBy(a => a.Id).Select(a => a.Action).ToListAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_sent_form_cannot_be_sent_again_with_another_amount()
    {
        await Start(DatabaseProvider.Sqlite);
        await scene.Grant(LedgerCodes.Pool, Unit.Images, 100);
        var form = Guid.NewGuid();

        Assert.Null(await Give(scene.Owner, 10, form, scene.Student));
        Assert.Equal("idempotency.mismatch", (await Give(scene.Owner, 90, form, scene.Student))?.Code);
        Assert.Equal(10, await scene.Left(scene.Student, Unit.Images));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_student_allocates_nothing_not_even_to_themself(DatabaseProvider provider)
    {
        await Start(provider);
        await scene.Grant(LedgerCodes.Pool, Unit.Images, 100);

        Assert.Equal(Refusal.Forbidden, await Give(scene.Student, 1, scene.Student));
        Assert.Equal(Refusal.Forbidden, await TakeBack(scene.Student, 1, scene.OtherStudent));

        // A page that was open when the role was lost still carries it.
        Assert.Equal(Refusal.Forbidden, await Give(scene.Student with { Role = MemberRole.Owner }, 1, scene.Student));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Seats_of_another_organisation_are_not_found(DatabaseProvider provider)
    {
        await Start(provider);
        await scene.Grant(LedgerCodes.Pool, Unit.Images, 100);

        Assert.Equal(Refusal.NotFound, await Give(scene.Owner, 1, scene.Stranger));
        Assert.Equal(Refusal.NotFound, await Give(scene.Owner, 1, scene.Student, scene.Stranger));
        Assert.Equal(Refusal.NotFound, await TakeBack(scene.Stranger, 1, scene.Student));

        // The other organisation's account named by hand: its caller has no seat there.
        Assert.Equal(Refusal.Forbidden, await Give(scene.Stranger with { AccountId = scene.Account }, 1, scene.Student));
        Assert.Equal(100, await scene.Free(Unit.Images));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Quota_expires_with_its_source_wherever_it_was_handed(DatabaseProvider provider)
    {
        await Start(provider);
        var end = scene.Time.GetUtcNow().AddDays(5);
        await scene.Grant(LedgerCodes.Allowance, Unit.Tokens, 100, end);
        await scene.Grant(LedgerCodes.Pool, Unit.Tokens, 100);

        Assert.Null((await scene.Allocator.Give(scene.Owner, [scene.Student.MembershipId], Unit.Tokens, 150, Guid.NewGuid())).Refusal);
        Assert.Null((await scene.Allocator.TakeBack(scene.Owner, scene.Student.MembershipId, Unit.Tokens, 30, Guid.NewGuid())).Refusal);
        var view = await scene.Get<MemberReader>().Read(scene.Owner);
        Assert.Equal([new FreeQuota(LedgerCodes.Pool, Unit.Tokens, 30, end), new FreeQuota(LedgerCodes.Pool, Unit.Tokens, 50, null)], view.Free);

        scene.Time.SetUtcNow(end);
        Assert.Equal((50, 50), (await scene.Left(scene.Student, Unit.Tokens), await scene.Free(Unit.Tokens)));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task What_a_running_prompt_holds_cannot_be_taken_back(DatabaseProvider provider)
    {
        await Start(provider);
        await scene.Grant(LedgerCodes.Pool, Unit.Tokens, 100);
        Assert.Null((await scene.Allocator.Give(scene.Owner, [scene.Student.MembershipId], Unit.Tokens, 100, Guid.NewGuid())).Refusal);
        var prompt = Guid.NewGuid();
        Assert.Null((await scene.Ledger.Apply(Hold(scene.Account, prompt, 30, scene.Student.MembershipId, seatOnly: true), TestContext.Current.CancellationToken)).Refusal);

        var outcome = await scene.Allocator.TakeBack(scene.Owner, scene.Student.MembershipId, Unit.Tokens, 71, Guid.NewGuid());
        Assert.Equal(new Refusal("takeback.short.tokens", "71", "70"), outcome.Refusal);

        Assert.Null((await scene.Ledger.Apply(Settle(scene.Account, prompt, 12), TestContext.Current.CancellationToken)).Refusal);
        var member = Assert.Single((await scene.Get<MemberReader>().Read(scene.Student)).Members);
        Assert.Equal(new SeatQuota(Unit.Tokens, 88, 12, null), member.Quota(Unit.Tokens));
    }

    public async ValueTask DisposeAsync()
    {
        if (scene is not null) await scene.DisposeAsync();
    }

    private async Task Start(DatabaseProvider provider) => scene = await MemberScene.Start(provider);

    private Task<Refusal?> Give(Caller by, long images, params Caller[] to) => Give(by, images, Guid.NewGuid(), to);

    private async Task<Refusal?> Give(Caller by, long images, Guid form, params Caller[] to) =>
        (await scene.Allocator.Give(by, [.. to.Select(c => c.MembershipId)], Unit.Images, images, form)).Refusal;

    private async Task<Refusal?> TakeBack(Caller by, long images, Caller from) =>
        (await scene.Allocator.TakeBack(by, from.MembershipId, Unit.Images, images, Guid.NewGuid())).Refusal;
}
