using Portal.Billing.Costs;

namespace Portal.Components.Pages.Plans.Costs;

public sealed partial class CompareCosts
{
    private CostComparison? costs;
    private CostExpectation? expectation;
    private Refusal? refusal;
    private bool failed;

    private string Length => costs!.History switch
    {
        { IsPartial: true, Days: 1 } => Text["BasisFirstDay"],
        { IsPartial: true, Days: < UsageHistory.DaysLeast } history => Text["BasisFirstDays", history.Days],
        { IsPartial: true } history => Text["BasisShort", history.Days],
        { Months.Count: 1 } => Text["BasisMonthOne"],
        var history => Text["BasisMonthsCount", history.Months.Count],
    };

    protected override Task OnInitializedAsync() => Load();

    private async Task Load()
    {
        failed = false;
        try
        {
            var caller = await Callers.Get();
            var compared = await Advisor.Compare(caller);
            if (!compared.IsDone(out refusal))
            {
                return;
            }

            if (compared.Value.History.Months.Count > 0)
            {
                costs = compared.Value;
                return;
            }

            var expected = await Advisor.Expect(caller);
            expectation = expected.IsDone(out refusal) ? expected.Value : null;
        }
        catch (Exception cause) when (cause is System.Data.Common.DbException or TimeoutException)
        {
            Log.NotLoaded(Logger, cause);
            failed = true;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The costs could not be compared")]
        public static partial void NotLoaded(ILogger logger, Exception cause);
    }
}
