using Portal.Billing.Ledger;
using Portal.Billing.Rating;
using Portal.Data.Billing;

namespace Portal.Tests.Billing.Ledger.Wallets;

/// <summary>A hold of the naive wallet, kept for good.</summary>
/// <param name="Prompt">Null of a held draw.</param>
/// <param name="Caps">Those that limited it, with what it reserved.</param>
internal sealed record NaiveHold(Guid Id, HoldPrompt? Prompt, List<NaiveTake> Takes, List<(Guid Subject, CapMeter Meter, string Window, long Amount)> Caps)
{
    public HoldState State { get; set; }

    public MeteredUsage? Usage { get; set; }

    public long PaidNanos { get; set; }

    public long PaidUnits { get; set; }
}

/// <summary>An amount that a hold has reserved.</summary>
internal sealed record NaiveTake(AccountRef From, AccountRef To, long Amount)
{
    public bool Held { get; set; } = true;
}

/// <summary>A refusal's code, or what was taken from where.</summary>
internal sealed record NaiveOutcome(IReadOnlyList<(AccountRef From, long Amount)> Parts)
{
    public string? Code { get; init; }

    public long Price { get; init; }

    public long Uncollected { get; init; }

    public static implicit operator NaiveOutcome(string code) => new([]) { Code = code };
}
