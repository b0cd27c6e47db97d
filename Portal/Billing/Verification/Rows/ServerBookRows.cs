using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.Verification.Rows;

/// <summary>In the order of the keys, a page at a time: the connection is free between the pages.</summary>
internal sealed class ServerBookRows(PortalDb db) : BookRows
{
    private const int PageSize = 20_000;

    public override IEnumerable<TransferRow> Transfers(DateTimeOffset? since)
    {
        var rows = db.Transfers.AsNoTracking();
        if (since is { } from)
        {
            rows = rows.Where(t => t.At >= from);
        }

        return Pages(
            long.MinValue,
            after => rows.Where(t => t.Id > after).OrderBy(t => t.Id).Select(t => new TransferRow(
                t.Id, t.WalletId, t.Kind, t.DebitId, t.CreditId, t.Amount, t.At, t.HoldId, t.Part,
                t.Kind == TransferKind.Immediate ? t.Code : null, t.Kind == TransferKind.Immediate ? t.Reference : null)),
            t => t.Id);
    }

    public override IEnumerable<HoldRow> Holds(DateTimeOffset? since)
    {
        var rows = db.Holds.AsNoTracking();
        if (since is { } from)
        {
            rows = rows.Where(h => h.CreatedAt >= from || h.ResolvedAt >= from || h.State == HoldState.Open);
        }

        return Pages(
            Guid.Empty,
            after => rows.Where(h => h.Id > after).OrderBy(h => h.Id).Select(h => new HoldRow(
                h.Id, h.WalletId, h.State, h.CreatedAt, h.ExpiresAt, h.ResolvedAt, h.Quote != null, h.Sources)),
            h => h.Id);
    }

    public override IEnumerable<UsageRow> Usage(DateTimeOffset? since)
    {
        var rows = db.UsageRecords.AsNoTracking();
        if (since is { } from)
        {
            rows = rows.Where(u => u.At >= from);
        }

        return Pages(
            Guid.Empty,
            after => rows.Where(u => u.Id > after).OrderBy(u => u.Id).Select(u => new UsageRow(
                u.Id, u.AccountId, u.MembershipId, u.Model, u.Unit, u.InputTokens, u.OutputTokens, u.Images, u.CoveredUnits, u.ChargedNanos, u.At)),
            u => u.Id);
    }

    public override IEnumerable<HourRow> Hours(DateTimeOffset? since)
    {
        var rows = since is { } from ? db.UsageHours.Where(h => h.Hour >= from) : db.UsageHours;
        return rows.Select(h => new HourRow(
            h.AccountId, h.Hour, h.MembershipId, h.Model, h.Requests, h.InputTokens, h.OutputTokens, h.Images, h.CoveredUnits, h.ChargedNanos));
    }

    private static IEnumerable<TRow> Pages<TRow, TKey>(TKey first, Func<TKey, IQueryable<TRow>> query, Func<TRow, TKey> key)
    {
        var after = first;
        List<TRow> page;
        do
        {
            page = query(after).Take(PageSize).ToList();
            foreach (var row in page)
            {
                yield return row;
            }

            after = page.Count == 0 ? after : key(page[^1]);
        }
        while (page.Count == PageSize);
    }
}
