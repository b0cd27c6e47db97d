using Portal.Billing.Verification;
using Portal.Data;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Billing.Verification;

public sealed class BookVerifierTests(WrittenBooks books) : IClassFixture<WrittenBooks>
{
    /// <summary>Rules that speak of every row there ever was.</summary>
    private static readonly string[] OnlyOfTheWhole = ["account.balance", "cap.used", "tier.used"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>One corrupted row a rule, and the table that the finding must name; `@now` is the clock in the database's microseconds.</summary>
    public static TheoryData<DatabaseProvider, string, string, string> Corruptions
    {
        get
        {
            (string Rule, string Table, string Sql)[] rows =
            [
                ("account.balance", "LedgerAccounts", """UPDATE "LedgerAccounts" SET "Balance" = "Balance" + 1 WHERE "Code" = 'credit.purchased'"""),
                ("account.held", "LedgerAccounts", """UPDATE "LedgerAccounts" SET "Held" = "Held" - 1 WHERE "Code" = 'credit.purchased'"""),
                ("account.floor", "LedgerAccounts", """UPDATE "LedgerAccounts" SET "Floor" = 1000000000000 WHERE "Code" = 'credit.purchased'"""),
                ("account.floor", "LedgerAccounts", """UPDATE "LedgerAccounts" SET "Floor" = NULL WHERE "Code" = 'credit.purchased'"""),
                ("account.floor", "LedgerAccounts", """UPDATE "LedgerAccounts" SET "Floor" = -1000000000000 WHERE "Code" = 'credit.granted'"""),
                ("postpaid.positive", "LedgerAccounts", """UPDATE "LedgerAccounts" SET "Code" = 'postpaid' WHERE "Code" = 'credit.purchased'"""),
                ("period.fee", "SubscriptionPeriods", """UPDATE "SubscriptionPeriods" SET "FeeNanos" = 29"""),
                ("wallet.sum", "Accounts", """UPDATE "LedgerAccounts" SET "Balance" = "Balance" - 1 WHERE "Code" = 'clearing'"""),
                ("transfer.accounts", "Transfers", """UPDATE "Transfers" SET "CreditId" = (SELECT "Id" FROM "LedgerAccounts" WHERE "Code" = 'used') WHERE "Code" = 'topup'"""),
                ("transfer.accounts", "Transfers", """UPDATE "Transfers" SET "CreditId" = "DebitId" WHERE "Code" = 'topup'"""),
                ("transfer.amount", "Transfers", """UPDATE "Transfers" SET "Amount" = -1 WHERE "Code" = 'topup'"""),
                ("transfer.amount", "Transfers", """UPDATE "Transfers" SET "Amount" = 1 WHERE "Kind" = 3"""),
                ("transfer.resolution", "Transfers", """UPDATE "Transfers" SET "Amount" = "Amount" * 1000 WHERE "Kind" = 2"""),
                ("transfer.resolution", "Transfers", """UPDATE "Transfers" SET "Part" = 9 WHERE "Kind" = 3"""),
                ("transfer.resolved-twice", "Transfers", """
                    INSERT INTO "Transfers" ("WalletId", "Kind", "DebitId", "CreditId", "Amount", "Code", "At", "Reference", "HoldId", "Part")
                    SELECT "WalletId", "Kind", "DebitId", "CreditId", "Amount", "Code", "At", "Reference", "HoldId", "Part" FROM "Transfers" WHERE "Kind" = 3
                    """),
                ("hold.state", "Holds", """UPDATE "Holds" SET "State" = 1, "ResolvedAt" = @now WHERE "State" = 0"""),
                ("hold.state", "Holds", """UPDATE "Holds" SET "State" = 3 WHERE "State" = 1"""),
                ("hold.state", "Holds", """UPDATE "Holds" SET "ResolvedAt" = NULL WHERE "State" = 2"""),
                ("hold.sources", "Holds", """UPDATE "Holds" SET "Sources" = 'all of it' WHERE "State" = 0 AND "Quote" IS NOT NULL"""),
                ("hold.sources", "Holds", """UPDATE "Holds" SET "Sources" = '1>1:5' WHERE "State" = 0 AND "Quote" IS NOT NULL"""),
                ("account.held", "LedgerAccounts", """UPDATE "Holds" SET "Sources" = '' WHERE "State" = 0 AND "Quote" IS NOT NULL"""),
                ("transfer.resolution", "Transfers", """UPDATE "Holds" SET "Sources" = '' WHERE "State" = 1 AND "Quote" IS NOT NULL"""),
                ("hold.missing", "Transfers", """DELETE FROM "Holds" WHERE "State" = 0"""),
                ("hold.overdue", "Holds", """UPDATE "Holds" SET "ExpiresAt" = @now - 301000000 WHERE "State" = 0 AND "ExpiresAt" IS NOT NULL"""),
                ("hold.terms", "Holds", """DELETE FROM "StoredTerms" """),
                ("cap.held", "Counters", """UPDATE "Counters" SET "Held" = "Held" + 1 WHERE "Key" LIKE 'cap:%'"""),
                ("cap.held", "Counters", """DELETE FROM "Counters" WHERE "Key" LIKE 'cap:%'"""),
                ("cap.used", "Counters", """UPDATE "Counters" SET "Used" = "Used" - 1 WHERE "Key" LIKE 'cap:%'"""),
                ("cap.exceeded", "Counters", """UPDATE "Counters" SET "Limit" = 1 WHERE "Key" LIKE 'cap:%'"""),
                ("tier.used", "Counters", """UPDATE "Counters" SET "Used" = "Used" + 1 WHERE "Key" LIKE 'tier:%'"""),
                ("tier.used", "Counters", """DELETE FROM "Counters" WHERE "Key" LIKE 'tier:%'"""),
                ("usage.charge", "UsageRecords", """
                    INSERT INTO "Transfers" ("WalletId", "Kind", "DebitId", "CreditId", "Amount", "Code", "At", "Reference", "HoldId", "Part")
                    SELECT "WalletId", 0, "DebitId", "CreditId", 5, "Code", "At" + 1, "Reference", "HoldId", "Part" FROM "Transfers" WHERE "Kind" = 2 AND "Code" = 'prompt'
                    """),
                ("usage.rollup", "UsageHours", """UPDATE "UsageHours" SET "OutputTokens" = "OutputTokens" + 1"""),
                ("usage.rollup", "UsageHours", """DELETE FROM "UsageHours" """),
                ("usage.charge", "UsageRecords", """UPDATE "UsageRecords" SET "ChargedNanos" = "ChargedNanos" + 1"""),
                ("usage.charge", "UsageRecords", """UPDATE "UsageRecords" SET "CoveredUnits" = "CoveredUnits" - 1"""),
                ("usage.charge", "UsageRecords", """UPDATE "Holds" SET "Quote" = NULL"""),
                ("usage.missing", "Holds", """DELETE FROM "UsageRecords" """),
                ("coupon.count", "Coupons", """UPDATE "Coupons" SET "Redeemed" = 0"""),
                ("coupon.count", "Coupons", """UPDATE "Coupons" SET "LimitTotal" = 0"""),
                ("coupon.count", "Coupons", """UPDATE "CouponRedemptions" SET "Number" = 2"""),
                ("coupon.person", "Coupons", """UPDATE "Coupons" SET "LimitEach" = 0"""),
                ("coupon.accounts", "Transfers", """UPDATE "LedgerAccounts" SET "Code" = 'credit.purchased' WHERE "Id" = (SELECT "CreditId" FROM "Transfers" WHERE "Code" = 'coupon')"""),
                ("coupon.credit", "CouponRedemptions", """UPDATE "Coupons" SET "AmountNanos" = 7001"""),
                ("coupon.unknown", "Transfers", """UPDATE "Transfers" SET "Reference" = 'nothing' WHERE "Code" = 'coupon'"""),
                ("payment.credit", "Payments", """UPDATE "Payments" SET "AmountNanos" = "AmountNanos" + 10000000 WHERE "Status" = 1"""),
                ("payment.credit", "Payments", """UPDATE "Payments" SET "Status" = 2 WHERE "Status" = 1"""),
                ("payment.credit", "Payments", """UPDATE "Payments" SET "Status" = 1 WHERE "Status" = 2"""),
                ("payment.event", "Payments", """UPDATE "WebhookEvents" SET "Body" = REPLACE("Body", '2000', '2001')"""),
                ("payment.event", "Payments", """UPDATE "Payments" SET "SessionId" = NULL, "PaymentIntentId" = CASE WHEN "Status" = 2 THEN 'cs_1' END"""),
                ("payment.receipt", "Invoices", """UPDATE "Invoices" SET "Reference" = 'nothing' WHERE "Kind" = 1"""),
                ("payment.receipt", "Invoices", """
                    UPDATE "Invoices" SET "TotalNanos" = "TotalNanos" * 10 WHERE "Kind" = 1;
                    UPDATE "InvoiceLine" SET "AmountNanos" = "AmountNanos" * 10 WHERE "Kind" = 'topup'
                    """),
                ("credit.source", "Transfers", """UPDATE "Transfers" SET "DebitId" = (SELECT "Id" FROM "LedgerAccounts" WHERE "Code" = 'issued' AND "Unit" = 0) WHERE "Code" = 'topup'"""),
                ("credit.source", "Transfers", """UPDATE "Transfers" SET "Code" = 'gift' WHERE "Code" = 'coupon'"""),
                ("payment.unknown", "Transfers", """UPDATE "Transfers" SET "Reference" = 'nothing' WHERE "Code" = 'topup'"""),
                ("refund.hold", "Refunds", """UPDATE "Refunds" SET "Status" = 2 WHERE "Status" = 1"""),
                ("refund.hold", "Refunds", """UPDATE "Refunds" SET "Status" = 1 WHERE "Status" = 0"""),
                ("refund.hold", "Refunds", """UPDATE "Refunds" SET "AmountNanos" = "AmountNanos" - 1 WHERE "Status" = 1"""),
                ("refund.unknown", "Transfers", """DELETE FROM "Refunds" WHERE "Status" = 0"""),
                ("refund.returned", "Refunds", """
                    INSERT INTO "Transfers" ("WalletId", "Kind", "DebitId", "CreditId", "Amount", "Code", "At", "Reference", "HoldId", "Part")
                    SELECT t."WalletId", 0, t."CreditId", t."DebitId", t."Amount", 'refund.returned', t."At", t."Reference", NULL, 0
                    FROM "Transfers" t JOIN "Refunds" r ON r."Id" = t."HoldId" WHERE t."Kind" = 2
                    """),
                ("refund.note", "Refunds", """DELETE FROM "Invoices" WHERE "Kind" = 2"""),
                ("refund.note", "Invoices", """UPDATE "Invoices" SET "Reference" = 'nothing' WHERE "Kind" = 2"""),
                ("refund.accounts", "Transfers", """UPDATE "Transfers" SET "Code" = 'plan.refund' WHERE "Code" = 'plan.fee'"""),
                ("refund.fee", "Transfers", """UPDATE "Transfers" SET "Code" = 'plan.refund' WHERE "Code" = 'plan.fee'"""),
                ("refund.fee", "Refunds", """UPDATE "Refunds" SET "PaymentId" = NULL, "InvoiceId" = "AccountId" WHERE "Status" = 1"""),
                ("note.share", "Invoices", """UPDATE "Invoices" SET "CreditsId" = (SELECT "Id" FROM "Invoices" WHERE "Kind" = 0 AND "Sequence" = 1) WHERE "Kind" = 2"""),
                ("note.rest", "Invoices", """UPDATE "Invoices" SET "CreditsId" = (SELECT "Id" FROM "Invoices" WHERE "Kind" = 0 AND "Sequence" = 1) WHERE "Kind" = 2"""),
                ("dispute.frozen", "Disputes", """UPDATE "Disputes" SET "Status" = 2"""),
                ("dispute.frozen", "Disputes", """UPDATE "Disputes" SET "FrozenNanos" = "FrozenNanos" - 1"""),
                ("dispute.owed", "Disputes", """UPDATE "Disputes" SET "SpentNanos" = 5, "AmountNanos" = "AmountNanos" + 5, "Status" = 3, "ClosedAt" = @now"""),
                ("owed.accounts", "Transfers", """UPDATE "LedgerAccounts" SET "Code" = 'owed' WHERE "Code" = 'disputed'"""),
                ("dispute.unknown", "Transfers", """DELETE FROM "Disputes" """),
                ("payment.refunded", "Payments", """UPDATE "Payments" SET "RefundedNanos" = 0 WHERE "Status" = 1"""),
                ("invoice.total", "Invoices", """UPDATE "InvoiceLine" SET "AmountNanos" = 11 WHERE "Detail" = 'rest'"""),
                ("invoice.tax", "Invoices", """UPDATE "Invoices" SET "TaxNanos" = 10000000 WHERE "Sequence" = 1"""),
                ("invoice.charged", "Invoices", """DELETE FROM "Transfers" WHERE "Code" = 'plan.fee'"""),
                ("invoice.charged", "Invoices", """UPDATE "Invoices" SET "TotalNanos" = 31"""),
                ("fee.unknown", "Transfers", """UPDATE "Invoices" SET "Reference" = 'another' WHERE "Sequence" = 1"""),
                ("invoice.open", "Invoices", """UPDATE "Invoices" SET "Status" = 1 WHERE "Kind" = 0 AND "Sequence" = 1"""),
                ("invoice.missing", "Subscriptions", """UPDATE "Subscriptions" SET "Status" = 1"""),
                ("invoice.status", "Invoices", """UPDATE "Invoices" SET "Status" = 2 WHERE "Kind" = 0 AND "Sequence" = 1"""),
                ("invoice.status", "Invoices", """UPDATE "Invoices" SET "Status" = 2, "VoidCause" = 2, "SettledAt" = "IssuedAt" WHERE "Kind" = 0 AND "Sequence" = 1"""),
                ("invoice.status", "Invoices", """UPDATE "Invoices" SET "Status" = 1 WHERE "Kind" = 2"""),
                ("postpaid.document", "Invoices", """UPDATE "Invoices" SET "Kind" = 4 WHERE "Kind" = 0 AND "Sequence" = 1"""),
                ("card.default", "SavedCards", """UPDATE "SavedCards" SET "IsDefault" = FALSE"""),
                ("card.default", "SavedCards", """UPDATE "SavedCards" SET "IsDefault" = TRUE"""),
                ("invoice.number", "Invoices", """UPDATE "Invoices" SET "Sequence" = 3 WHERE "Sequence" = 2"""),
                ("invoice.number", "Invoices", """DELETE FROM "Invoices" WHERE "Sequence" = 1"""),
                ("invoice.number", "Counters", """DELETE FROM "Invoices" WHERE "Kind" = 1"""),
                ("subscription.running", "Subscriptions", """UPDATE "Subscriptions" SET "PeriodEnd" = "PeriodEnd" + 86400000000"""),
                ("subscription.running", "Subscriptions", """UPDATE "Subscriptions" SET "PlanId" = "PlanId" + 1"""),
                ("period.units", "SubscriptionPeriods", """UPDATE "SubscriptionPeriods" SET "Units" = 5"""),
                ("grant.unknown", "Transfers", """UPDATE "Transfers" SET "Code" = 'plan.grant' WHERE "Code" = 'grant'"""),
                ("subscription.period", "SubscriptionPeriods", """UPDATE "SubscriptionPeriods" SET "Start" = "Start" - 1 WHERE "Start" > @now"""),
                ("subscription.period", "SubscriptionPeriods", """UPDATE "SubscriptionPeriods" SET "InvoiceId" = (SELECT "Id" FROM "Invoices" WHERE "Kind" = 0 AND "Sequence" = 1)"""),
                ("audit.chain", "AuditEntries", """UPDATE "AuditEntries" SET "Detail" = 'another' WHERE "Subject" = '2'"""),
                ("audit.chain", "AuditEntries", """UPDATE "AuditEntries" SET "PersonId" = "AccountId" WHERE "Subject" = '2'"""),
                ("audit.chain", "AuditEntries", """UPDATE "AuditEntries" SET "Reason" = NULL WHERE "Subject" = '4'"""),
                ("audit.chain", "AuditEntries", """UPDATE "AuditEntries" SET "Before" = "After", "After" = "Before" WHERE "Subject" = '1'"""),
                ("audit.chain", "AuditEntries", """DELETE FROM "AuditEntries" WHERE "Subject" = '2'"""),
                ("audit.chain", "AuditHeads", """DELETE FROM "AuditEntries" WHERE "Subject" = '4'"""),
                ("audit.chain", "AuditEntries", """UPDATE "AuditEntries" SET "Sequence" = NULL WHERE "Subject" = '2'"""),
                ("audit.chain", "AuditEntries", """UPDATE "AuditEntries" SET "Subject" = CASE "Subject" WHEN '2' THEN '3' ELSE '2' END, "Sequence" = "Sequence" WHERE "Subject" IN ('2', '3')"""),
                ("audit.chain", "AuditHeads", """DELETE FROM "AuditHeads" """),
                ("audit.unsealed", "AuditEntries", """INSERT INTO "AuditEntries" ("At", "PersonId", "Action", "Subject", "Detail") SELECT "At" - 301000000, "PersonId", "Action", "Subject", "Detail" FROM "AuditEntries" WHERE "Subject" = '1'"""),
                ("webhook.unprocessed", "WebhookEvents evt_1", """UPDATE "WebhookEvents" SET "ProcessedAt" = NULL, "ReceivedAt" = @now - 301000000"""),
                ("outbox.unsent", "OutboxMails", """UPDATE "OutboxMails" SET "SentAt" = NULL, "CreatedAt" = @now - 3601000000"""),
            ];
            return [.. from row in rows from provider in Databases.All select (provider.Data, row.Rule, row.Table, row.Sql)];
        }
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Honest_books_are_clean_and_counted(DatabaseProvider provider)
    {
        var databases = books.On(provider).Factory;

        await Books.AssertClean(databases, books.Time);
        var read = await new BookVerifier(databases, books.Time).Verify(cancel: Cancel);

        Assert.Equal("10 accounts, 14 transfers, 7 holds, 2 usage records, 2 payments, 4 invoices: clean", $"{read}");
    }

    [Theory, MemberData(nameof(Corruptions))]
    public async Task A_corrupted_row_is_named_with_the_rule_it_breaks(DatabaseProvider provider, string rule, string table, string sql)
    {
        var read = await books.VerifyCorrupted(provider, sql, VerifierLimits.Default);

        Assert.False(read.Clean);
        Assert.Contains(read.Findings, finding => finding.Rule == rule && finding.Row.StartsWith(table, StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Corruptions))]
    public async Task A_corrupted_row_that_is_new_is_named_too(DatabaseProvider provider, string rule, string table, string sql)
    {
        var read = await books.VerifyCorrupted(provider, sql, VerifierLimits.Default, books.Time.GetUtcNow());

        Assert.Equal(OnlyOfTheWhole.Contains(rule), !read.Findings.Any(finding => finding.Rule == rule && finding.Row.StartsWith(table, StringComparison.Ordinal)));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task What_is_late_but_within_its_allowance_is_no_finding(DatabaseProvider provider)
    {
        const string OneMinuteLate = """UPDATE "Holds" SET "ExpiresAt" = @now - 60000000 WHERE "State" = 0 AND "ExpiresAt" IS NOT NULL""";

        var lenient = await books.VerifyCorrupted(provider, OneMinuteLate, VerifierLimits.Default);
        var strict = await books.VerifyCorrupted(provider, OneMinuteLate, new VerifierLimits(TimeSpan.FromSeconds(30), TimeSpan.FromHours(1)));

        Assert.Empty(lenient.Findings);
        Assert.Equal("hold.overdue", Assert.Single(strict.Findings).Rule);
    }
}
