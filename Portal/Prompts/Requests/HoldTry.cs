using Portal.Data.Billing;

namespace Portal.Prompts.Requests;

/// <summary>One try of a request that is sent until it is charged; those before it were released without a charge.</summary>
/// <param name="Number">From 0: how many tries were released before.</param>
/// <param name="Id">Its hold's.</param>
/// <param name="State">Null: it was not made yet.</param>
/// <param name="ReleasedAt">When the try before it was released.</param>
internal readonly record struct HoldTry(int Number, Guid Id, HoldState? State, DateTimeOffset? ReleasedAt);
