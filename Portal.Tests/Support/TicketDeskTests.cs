using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Catalog;
using Portal.Data.Payments;
using Portal.Data.Support;
using Portal.Data.Usage;
using Portal.Support;
using Portal.Support.Tickets;
using Portal.Tests.Accounts.Members;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Support;

public sealed class TicketDeskTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_letter_is_due_when_the_writers_plan_says_and_the_first_answer_stops_the_clock(DatabaseProvider provider)
    {
        await using var scene = await MemberScene.Start(provider);
        var (desk, staff, now) = (scene.Get<TicketDesk>(), scene.Stranger with { IsSupport = true }, scene.Time.GetUtcNow());
        await Subscribe(scene, minutes: 15);
        var urgent = (await desk.Open(scene.Owner, "Urgent", "Text", Guid.NewGuid(), cancel: Cancel)).Value;
        var calm = (await desk.Open(scene.Stranger, "Calm", "Text", Guid.NewGuid(), cancel: Cancel)).Value;

        var inbox = (await desk.Inbox(staff, Cancel)).Value;
        Assert.Equal([(urgent, now.AddMinutes(15), false), (calm, now + TicketDesk.ResponseDefault, false)], inbox.Select(t => (t.Id, t.DueAt, t.Overdue)));

        scene.Time.Advance(TimeSpan.FromMinutes(16));
        Assert.Equal([true, false], (await desk.Inbox(staff, Cancel)).Value.Select(t => t.Overdue));

        Assert.Null((await desk.Reply(staff, urgent, "Done", atDesk: true, Guid.NewGuid(), Cancel)).Refusal);
        var first = scene.Time.GetUtcNow();
        scene.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Null((await desk.Reply(scene.Owner, urgent, "Thanks", atDesk: false, Guid.NewGuid(), Cancel)).Refusal);
        Assert.Null((await desk.Reply(staff, urgent, "Welcome", atDesk: true, Guid.NewGuid(), Cancel)).Refusal);
        var after = (await desk.Inbox(staff, Cancel)).Value;
        Assert.Equal([calm, urgent], after.Select(t => t.Id));
        Assert.Equal((first, false), (after[1].AnsweredAt, after[1].Overdue));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task What_was_closed_without_an_answer_and_goes_on_is_due_anew(DatabaseProvider provider)
    {
        await using var scene = await MemberScene.Start(provider);
        var desk = scene.Get<TicketDesk>();
        var ticket = (await desk.Open(scene.Owner, "Solved", "Text", Guid.NewGuid(), cancel: Cancel)).Value;
        Assert.Null((await desk.Close(scene.Owner, ticket, atDesk: false, seen: 1, Cancel)).Refusal);
        scene.Time.Advance(TimeSpan.FromDays(7));

        Assert.Null((await desk.Reply(scene.Owner, ticket, "Not at all", atDesk: false, Guid.NewGuid(), Cancel)).Refusal);

        var open = Assert.Single((await desk.Inbox(scene.Stranger with { IsSupport = true }, Cancel)).Value);
        Assert.Equal((false, scene.Time.GetUtcNow() + TicketDesk.ResponseDefault, false), (open.Closed, open.DueAt, open.Overdue));
    }

    [Fact]
    public async Task A_message_that_came_meanwhile_is_not_closed_away()
    {
        await using var scene = await MemberScene.Start(DatabaseProvider.Sqlite);
        var (desk, staff) = (scene.Get<TicketDesk>(), scene.Stranger with { IsSupport = true });
        var ticket = (await desk.Open(scene.Owner, "Question", "Text", Guid.NewGuid(), cancel: Cancel)).Value;
        var seen = (await desk.Read(staff, ticket, atDesk: true, Cancel)).Value.Lines.Count;
        Assert.Null((await desk.Reply(scene.Owner, ticket, "And another one", atDesk: false, Guid.NewGuid(), Cancel)).Refusal);

        Assert.Equal("ticket.newer", (await desk.Close(staff, ticket, atDesk: true, seen, Cancel)).Refusal?.Code);
        Assert.False((await desk.Read(staff, ticket, atDesk: true, Cancel)).Value.Closed);
        Assert.Null((await desk.Close(staff, ticket, atDesk: true, seen + 1, Cancel)).Refusal);
        Assert.True((await desk.Read(staff, ticket, atDesk: true, Cancel)).Value.Closed);
    }

    [Fact]
    public async Task A_letter_that_is_written_while_the_staff_close_stays_open()
    {
        await using var scene = await MemberScene.Start(DatabaseProvider.Sqlite);
        var ticket = (await scene.Get<TicketDesk>().Open(scene.Owner, "Question", "Text", Guid.NewGuid(), cancel: Cancel)).Value;
        var writer = new TicketDesk(new Meanwhile(scene.Get<PortalDbFactory>(), db => db.Tickets.ExecuteUpdate(set => set.SetProperty(t => t.Closed, true))), scene.Time);

        Assert.Null((await writer.Reply(scene.Owner, ticket, "And another one", atDesk: false, Guid.NewGuid(), Cancel)).Refusal);

        Assert.False(Assert.Single(await scene.Get<TicketDesk>().Mine(scene.Owner, Cancel)).Closed);
    }

    [Fact]
    public async Task Nobody_fills_the_inbox_and_the_same_form_is_one_letter_also_at_the_limit()
    {
        await using var scene = await MemberScene.Start(DatabaseProvider.Sqlite);
        var (desk, forms) = (scene.Get<TicketDesk>(), Enumerable.Range(0, TicketDesk.OpenMax).Select(_ => Guid.NewGuid()).ToList());
        foreach (var form in forms) Assert.Null((await Open(scene.Owner, form)).Refusal);

        Assert.Null((await Open(scene.Owner, forms[^1])).Refusal);
        Assert.Equal(new Refusal("ticket.many", "50"), (await Open(scene.Owner, Guid.NewGuid())).Refusal);
        Assert.Null((await Open(scene.Student, Guid.NewGuid())).Refusal);
        Assert.Null((await desk.Close(scene.Owner, forms[0], atDesk: false, seen: 1, Cancel)).Refusal);
        Assert.Null((await Open(scene.Owner, Guid.NewGuid())).Refusal);

        Task<Outcome<Guid>> Open(Caller caller, Guid form) => desk.Open(caller, "Again", "Text", form, cancel: Cancel);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_letter_names_what_is_the_writers_own_and_nothing_else(DatabaseProvider provider)
    {
        await using var scene = await MemberScene.Start(provider);
        var (desk, subjects) = (scene.Get<TicketDesk>(), scene.Get<TicketSubjects>());
        var (payment, invoice, charge) = await Write(scene);

        Assert.Equal([(TicketAbout.Payment, payment), (TicketAbout.Invoice, invoice), (TicketAbout.Charge, charge)], (await subjects.List(scene.Owner, Cancel)).Select(s => (s.Kind, s.Id)));
        Assert.Equal([charge], (await subjects.List(scene.Student, Cancel)).Select(s => s.Id));
        Assert.Empty(await subjects.List(scene.OtherStudent, Cancel));
        Assert.Empty(await subjects.List(scene.Stranger, Cancel));

        foreach (var (caller, link) in new[]
                 {
                     (scene.Stranger, new TicketLink(TicketAbout.Payment, payment)), (scene.Stranger, new TicketLink(TicketAbout.Charge, charge)), (scene.Student, new TicketLink(TicketAbout.Invoice, invoice)),
                     (scene.OtherStudent, new TicketLink(TicketAbout.Charge, charge)), (scene.Owner, new TicketLink(TicketAbout.Payment, invoice)), (scene.Owner, new TicketLink((TicketAbout)9, payment)),
                 })
            Assert.Equal(Refusal.NotFound, (await desk.Open(caller, "Tampered", "Text", Guid.NewGuid(), link, Cancel)).Refusal);

        var ticket = (await desk.Open(scene.Student, "This charge", "Why?", Guid.NewGuid(), new TicketLink(TicketAbout.Charge, charge), Cancel)).Value;
        var seen = (await desk.Read(scene.Stranger with { IsSupport = true }, ticket, atDesk: true, Cancel)).Value;
        Assert.Equal((TicketAbout.Charge, charge, new Money(7_000_000), "guide"), (seen.About!.Kind, seen.About.Id, seen.About.Amount, seen.About.Name));
        await using var db = scene.Open();
        Assert.Equal(1, await db.Tickets.CountAsync(Cancel));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_prepared_answer_is_in_the_writers_language_and_has_their_name(DatabaseProvider provider)
    {
        await using var scene = await MemberScene.Start(provider);
        var (answers, staff, id) = (scene.Get<CannedAnswers>(), scene.Stranger with { IsSupport = true }, Guid.NewGuid());
        await using (var db = scene.Open())
        {
            await db.Users.Where(p => p.Id == scene.Student.PersonId).ExecuteUpdateAsync(set => set.SetProperty(p => p.Culture, "zh-CN").SetProperty(p => p.DisplayName, "小林"), Cancel);
        }

        Assert.Equal(Refusal.NotFound, (await answers.Save(scene.Owner, id, "Refund", "Hello", "您好", Cancel)).Refusal);
        Assert.Equal("answer.text", (await answers.Save(staff, id, "Refund", "Hello {name}", " ", Cancel)).Refusal?.Code);
        Assert.Equal("answer.name", (await answers.Save(staff, id, new string('x', 81), "Hello {name}", "您好", Cancel)).Refusal?.Code);
        Assert.Null((await answers.Save(staff, id, "Refund", "Hello {name}", "{name}，您好", Cancel)).Refusal);
        Assert.Null((await answers.Save(staff, id, "Refund", "Hello {name}", "{name}，您好", Cancel)).Refusal);
        var chinese = (await scene.Get<TicketDesk>().Open(scene.Student, "One", "Text", Guid.NewGuid(), cancel: Cancel)).Value;
        var english = (await scene.Get<TicketDesk>().Open(scene.Owner, "Two", "Text", Guid.NewGuid(), cancel: Cancel)).Value;

        Assert.Equal("小林，您好", (await answers.For(staff, id, chinese, Cancel)).Value);
        Assert.Equal($"Hello {scene.Owner.DisplayName}", (await answers.For(staff, id, english, Cancel)).Value);
        Assert.Equal(Refusal.NotFound, (await answers.For(scene.Owner, id, english, Cancel)).Refusal);
        Assert.Null((await answers.Delete(staff, id, Cancel)).Refusal);
        Assert.Equal(Refusal.NotFound, (await answers.Delete(staff, id, Cancel)).Refusal);
        Assert.Empty((await answers.List(staff, Cancel)).Value);
        await using var read = scene.Open();
        Assert.Equal(["answer.saved", "answer.deleted"], await read.AuditEntries.Where(a => a.Action.StartsWith("answer.")).OrderBy(a => a.Id).Select(a => a.Action).ToListAsync(Cancel));
    }

    private static async Task Subscribe(MemberScene scene, int minutes)
    {
        await using var db = scene.Open();
        var now = scene.Time.GetUtcNow();
        var plan = new Plan { Key = "supported", Version = 1, NameEn = "Supported", NameZh = "套餐", SupportResponseMinutes = minutes, PublishedAt = now };
        db.Subscriptions.Add(new Subscription { Id = Guid.NewGuid(), AccountId = scene.Account, Plan = plan, Anchor = now, PeriodStart = now, PeriodEnd = now.AddMonths(1) });
        await db.SaveChangesAsync(Cancel);
    }

    private static async Task<(Guid Payment, Guid Invoice, Guid Charge)> Write(MemberScene scene)
    {
        var (payment, invoice, charge, now) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), scene.Time.GetUtcNow());
        await using var db = scene.Open();
        db.Payments.Add(new Payment { Id = payment, AccountId = scene.Account, PersonId = scene.Owner.PersonId, AmountNanos = 10_000_000, FormKey = "1", CreatedAt = now });
        db.Invoices.Add(new Invoice { Id = invoice, AccountId = scene.Account, Kind = InvoiceKind.Plan, Year = 2026, Sequence = 1, Number = "INV-2026-000001", IssuedAt = now, BuyerName = "School", Reference = "x" });
        db.UsageRecords.Add(new UsageRecord { Id = charge, AccountId = scene.Account, PersonId = scene.Student.PersonId, MembershipId = scene.Student.MembershipId, Model = "guide", ChargedNanos = 7_000_000, At = now, Finish = "stop", Receipt = "{}" });
        await db.SaveChangesAsync(Cancel);
        return (payment, invoice, charge);
    }

    /// <summary>Databases on which somebody else writes between what a command reads and what it saves.</summary>
    private sealed class Meanwhile(PortalDbFactory databases, Action<PortalDb> write) : IDbContextFactory<PortalDb>
    {
        public PortalDb CreateDbContext()
        {
            var db = databases.CreateDbContext();
            db.SavingChanges += (_, _) =>
            {
                using var other = databases.CreateDbContext();
                write(other);
            };
            return db;
        }
    }
}
