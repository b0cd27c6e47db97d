using Portal.Data;

namespace Portal.Support.Timeline;

/// <summary>One thing that happened to a customer.</summary>
/// <param name="Source">Where <paramref name="Code"/> is a word of.</param>
/// <param name="Key">Orders entries of the same instant; unique within its source.</param>
/// <param name="Who">The e-mail address of whoever did it; null: nobody in particular.</param>
/// <param name="Amount">What the customer can spend more by it, less when negative; of a document its total.</param>
/// <param name="Day">Usage of a whole day, by the clock of the account.</param>
/// <param name="Href">Where it is seen.</param>
public sealed record TimelineEntry(
    DateTimeOffset At, TimelineKind Kind, TimelineSource Source, string Key, string Code, string? Who = null, string? Detail = null, Money? Amount = null, TimelineDay? Day = null,
    string? Href = null);

/// <summary>What was used on one day.</summary>
public sealed record TimelineDay(DateOnly Day, long Requests, long Tokens, long Images);

/// <summary>Whose words say what an entry is.</summary>
public enum TimelineSource
{
    /// <summary>The timeline's own.</summary>
    Own = 0,

    /// <summary>A code of transfers.</summary>
    Ledger = 1,

    /// <summary>An action of the audit.</summary>
    Audit = 2,
}

/// <summary>A page of the timeline, newest first.</summary>
/// <param name="Account">Its name.</param>
/// <param name="More">Whether older entries follow.</param>
public sealed record TimelinePage(string Account, IReadOnlyList<TimelineEntry> Entries, bool More);
