namespace Portal.Support.Search;

/// <summary>What a search came upon.</summary>
public enum FoundKind
{
    Account = 0,
    Payment = 1,
    Refund = 2,
    Dispute = 3,
    Invoice = 4,

    /// <summary>A prompt that was charged.</summary>
    Request = 5,

    /// <summary>A prompt that holds something, or held and released it.</summary>
    Hold = 6,
    ApiKey = 7,
    Ticket = 8,
    Subscription = 9,
}
