using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Support;

namespace Portal.Accounts.Members;

/// <summary>Hands an organisation's quota to its members' seats and takes it back.</summary>
public sealed class SeatAllocator(LedgerWriter ledger)
{
    /// <summary>The code of what was handed to a seat.</summary>
    public const string GiveCode = "allocate";

    /// <summary>The code of what a seat gave back.</summary>
    public const string TakeCode = "take-back";

    internal const string ByPrefix = "by:";

    /// <summary>In the order in which they are handed out: what expires with the plan's period first.</summary>
    internal static readonly string[] FreeCodes = [LedgerCodes.Allowance, LedgerCodes.Pool];

    internal static readonly string[] SeatCodes = [LedgerCodes.Seat];

    /// <summary>Gives the same amount to each of the members, or to none of them when there is not enough for all.</summary>
    /// <param name="amount">Tokens or images for one member, more than 0.</param>
    /// <param name="formKey">The form's token: sent twice, it is handed out once.</param>
    public async Task<Outcome<Done>> Give(
        Caller caller, IReadOnlyCollection<Guid> seats, Unit unit, long amount, Guid formKey, CancellationToken cancel = default)
    {
        if (caller.ReadOnly) return Refusal.ReadOnly;
        Guid[] each = [.. seats.Distinct()];
        return await ledger.Run<Done>(
            async transaction =>
            {
                if (unit == Unit.Money || each.Length == 0 || amount <= 0)
                {
                    return new Refusal("quota.amount");
                }

                if (await transaction.Lock(caller.AccountId, cancel) is not { } book)
                {
                    return Refusal.NotFound;
                }

                if (!(await MemberRights.Manage(transaction.Db, caller, each, cancel)).IsDone(out var refusal, out var found))
                {
                    return refusal;
                }

                var free = book.Available(unit, FreeCodes, null, transaction.Now);
                foreach (var seat in each)
                {
                    var draw = new Draw(
                        caller.AccountId, $"{GiveCode}:{formKey:N}:{seat:N}", By(caller), GiveCode, unit, amount, FreeCodes,
                        new AccountRef(LedgerCodes.Seat, unit, seat), KeepExpiry: true);
                    if (!(await transaction.Apply(draw, cancel)).IsDone(out var missing, out var result))
                    {
                        return IsShort(missing) ? Short("allocation.short", unit, (decimal)amount * each.Length, free) : missing;
                    }

                    if (!result.Replayed)
                    {
                        transaction.Db.AuditEntries.Add(Entry(transaction, caller, "seat.allocated", seat, found[seat].Person.Email!, $"{amount} {Word(unit)}"));
                    }
                }

                return default(Done);
            },
            cancel);
    }

    /// <summary>Takes back what a member has not used; it returns to the organisation's pool and expires when it would have.</summary>
    public async Task<Outcome<Done>> TakeBack(Caller caller, Guid seat, Unit unit, long amount, Guid formKey, CancellationToken cancel = default) =>
        caller.ReadOnly ? Refusal.ReadOnly : await ledger.Run<Done>(
            async transaction =>
            {
                if (unit == Unit.Money || amount <= 0)
                {
                    return new Refusal("quota.amount");
                }

                if (await transaction.Lock(caller.AccountId, cancel) is null)
                {
                    return Refusal.NotFound;
                }

                if (!(await MemberRights.Manage(transaction.Db, caller, [seat], cancel)).IsDone(out var refusal, out var found))
                {
                    return refusal;
                }

                var outcome = await transaction.Apply(Back(caller, seat, unit, amount, $"{TakeCode}:{formKey:N}"), cancel);
                if (!outcome.IsDone(out var missing, out var result))
                {
                    return IsShort(missing) ? new Refusal($"takeback.short.{Word(unit)}", missing.Args) : missing;
                }

                if (!result.Replayed)
                {
                    transaction.Db.AuditEntries.Add(Entry(transaction, caller, "seat.taken-back", seat, found[seat].Person.Email!, $"{amount} {Word(unit)}"));
                }

                return default(Done);
            },
            cancel);

    internal static Draw Back(Caller caller, Guid seat, Unit unit, long amount, string key) => Back(caller.AccountId, By(caller), seat, unit, amount, key);

    internal static Draw Back(Guid accountId, string reference, Guid seat, Unit unit, long amount, string key) => new(
        accountId, key, reference, TakeCode, unit, amount, SeatCodes, new AccountRef(LedgerCodes.Pool, unit), FromSubject: seat, KeepExpiry: true);

    internal static AuditEntry Entry(LedgerTransaction transaction, Caller caller, string action, Guid seat, string email, string what) => new()
    {
        At = transaction.Now, PersonId = caller.PersonId, AccountId = caller.AccountId, Action = action, Subject = $"{seat}", Detail = $"{email}: {what}",
    };

    /// <summary>Who did it, as the transfers name them.</summary>
    private static string By(Caller caller) => $"{ByPrefix}{caller.PersonId:N}";

    private static bool IsShort(Refusal refusal) => refusal.Code.StartsWith("quota.short.", StringComparison.Ordinal);

    private static Refusal Short(string code, Unit unit, decimal needed, long available) =>
        new($"{code}.{Word(unit)}", needed.ToString("0", System.Globalization.CultureInfo.InvariantCulture), $"{available}");

    private static string Word(Unit unit) => unit == Unit.Tokens ? "tokens" : "images";
}
