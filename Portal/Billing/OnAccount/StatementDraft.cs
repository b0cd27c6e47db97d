using Portal.Billing.Invoices;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.OnAccount;

/// <summary>
/// What a month's statement says as a numbered document, in whole minor units: it asks for what is owed, rounded up, and begins with what the one before
/// asked for. It moves nothing: the use was charged when it happened.
/// </summary>
internal static class StatementDraft
{
    public static InvoiceDraft Of(PostpaidStatement statement)
    {
        var (before, owed) = (Asked(statement.BeforeNanos), Asked(statement.OwedNanos));

        // What the roundings leave is taken where there is something to take it from.
        var used = statement.RepaidNanos == 0 ? owed - before : Money.FromMinorUnits(new Money(statement.UsedNanos).ToMinorUnits()).Nanos;
        (string Kind, long Nanos)[] lines = [("on-account.before", before), ("on-account.used", used), ("on-account.repaid", owed - before - used)];
        return new InvoiceDraft(
            statement.AccountId, InvoiceKind.Statement, $"{statement.AccountId:N}:{statement.Month}",
            [.. lines.Where(l => l.Nanos != 0).Select(l => new InvoiceDraft.Line(l.Kind, statement.Month, l.Nanos))])
        {
            Open = true,
        };
    }

    /// <summary>What a statement asks for.</summary>
    public static long Asked(long owedNanos) => new Money(owedNanos).CeilingToMinorUnits().Nanos;
}
