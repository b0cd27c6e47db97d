using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Billing.Rating;
using Portal.Catalog;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Data.Usage;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Usage;

/// <summary>Usage of an account as settled prompts leave it: the record and its raised rollup row.</summary>
internal sealed class UsageRows(TestDatabase database, FakeTime time)
{
    private readonly List<UsageRecord> written = [];

    /// <summary>Everything written so far.</summary>
    public IReadOnlyList<UsageRecord> Written => written;

    /// <summary>An organisation with an owner; `Add` writes its usage.</summary>
    public async Task<Caller> Open(string zone = "Asia/Shanghai", AccountKind kind = AccountKind.Organisation)
    {
        var (account, seat) = await Books.OpenAccount(database.Factory, time, kind);
        await using var db = database.Open();
        await db.Accounts.Where(a => a.Id == account.Id).ExecuteUpdateAsync(set => set.SetProperty(a => a.TimeZone, zone));
        return CallerOf(account, seat, zone);
    }

    public async Task<Caller> Join(Caller owner, string name)
    {
        await using var db = database.Open();
        var person = new Person { Id = Guid.NewGuid(), UserName = name, Email = $"{Guid.NewGuid():N}@example.com", DisplayName = name, CreatedAt = time.GetUtcNow() };
        var seat = new Membership { Id = Guid.NewGuid(), AccountId = owner.AccountId, PersonId = person.Id, Role = MemberRole.Member, CreatedAt = time.GetUtcNow(), AcceptedAt = time.GetUtcNow() };
        db.Add(person);
        db.Add(seat);
        await db.SaveChangesAsync();
        return owner with { PersonId = person.Id, DisplayName = name, MembershipId = seat.Id, Role = MemberRole.Member };
    }

    public async Task<Guid> Add(Caller caller, DateTimeOffset at, string model = "guide", long units = 100, long covered = 0, long charged = 0)
    {
        await Add(caller, [(at, model, units, covered, charged)]);
        return written[^1].Id;
    }

    public async Task Add(Caller caller, IEnumerable<(DateTimeOffset At, string Model, long Units, long Covered, long Charged)> prompts)
    {
        await using var db = database.Open();
        foreach (var (at, model, units, covered, charged) in prompts)
        {
            var image = model == "shapes";
            var usage = image ? MeteredUsage.Picture(units, 512, 512, 4) : MeteredUsage.Text(units - (units / 3), units / 3);
            var id = Guid.NewGuid();
            List<Part> parts = [.. covered > 0 ? [new Part(LedgerCodes.Allowance, usage.Unit, covered, null)] : Array.Empty<Part>(), new Part(LedgerCodes.CreditPurchased, Unit.Money, charged, null)];
            var line = new PriceLine(image ? Meters.Images : Meters.OutputTokens, units - covered, 0.0001m, 1m, new Money(charged * 2).Amount);
            var price = new PricedUsage(charged, charged * 2, units - covered, [line], [new NamedFactor("prepaid", 0.5m)]);
            var receipt = new Receipt(id, at, usage, covered, price, parts, 1, model, null, 0);
            var record = new UsageRecord
            {
                Id = id, AccountId = caller.AccountId, ProjectId = caller.ProjectId, PersonId = caller.PersonId, MembershipId = caller.MembershipId, Model = model,
                Unit = image ? Unit.Images : Unit.Tokens, InputTokens = usage.InputTokens, OutputTokens = usage.OutputTokens, Images = image ? units : 0,
                CoveredUnits = covered, ChargedNanos = charged, ListNanos = charged * 2, At = at, DurationMs = 250, Finish = "stop", Receipt = JsonSerializer.Serialize(receipt),
            };
            db.Add(record);
            written.Add(record);
            await Raise(db, record);
        }
        await db.SaveChangesAsync();
    }

    private static Caller CallerOf(Account account, Membership seat, string zone) => new(
        seat.PersonId, "owner@example.com", "Somebody", account.Id, account.Kind, account.Name, zone, seat.Id, seat.Role, Guid.NewGuid(), null, false, false);

    private static async Task Raise(PortalDb db, UsageRecord record)
    {
        var start = new DateTimeOffset(record.At.UtcTicks - (record.At.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);
        var hour = await db.UsageHours.FindAsync(record.AccountId, start, record.MembershipId, record.Model);
        if (hour is null) db.Add(hour = new UsageHour { AccountId = record.AccountId, Hour = start, MembershipId = record.MembershipId, Model = record.Model });
        hour.Requests++;
        hour.InputTokens += record.InputTokens;
        hour.OutputTokens += record.OutputTokens;
        hour.Images += record.Images;
        hour.CoveredUnits += record.CoveredUnits;
        hour.ChargedNanos += record.ChargedNanos;
    }
}
