using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Portal.Accounts;
using Portal.Billing.Costs;
using Portal.Billing.Subscriptions;
using Portal.Catalog;
using Portal.Components.Pages.Plans.Choosing;
using Portal.Components.Pages.Plans.Offers;
using Portal.Components.Shared;
using Portal.Components.Shared.Amounts;
using Portal.Components.Shared.Dialogs;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Data.Catalog;
using Radzen;

namespace Portal.Components.Pages.Plans;

public sealed partial class Plans
{
    private IReadOnlyList<Plan>? plans;
    private PriceList? prices;
    private SubscriptionView? current;
    private AwaitedPlan? awaited;
    private Plan? former;
    private IReadOnlySet<string> triable = new HashSet<string>();
    private CostComparison? costs;
    private Caller? caller;
    private TimeZoneInfo zone = TimeZoneInfo.Utc;
    private Refusal? refusal;
    private PlanChange? done;
    private bool busy;
    private bool failed;

    private bool Personal => caller is { AccountKind: AccountKind.Personal };

    protected override Task OnInitializedAsync() => Load();

    private async Task Load()
    {
        failed = false;
        try
        {
            caller = await Callers.Get();
            zone = LocalDays.Zone(caller.TimeZone);
            prices = PriceList.Of(await Catalogue.RateCard());
            var onSale = await Catalogue.Plans();
            await ReadPlan(onSale);
            costs = caller.ManagesBilling ? (await Advisor.Compare(caller)).Value : null;
            plans = onSale;
        }
        catch (Exception cause) when (cause is System.Data.Common.DbException or TimeoutException)
        {
            Log.NotLoaded(Logger, cause);
            failed = true;
        }
    }

    private async Task ReadPlan(IReadOnlyList<Plan> onSale)
    {
        var account = caller!.AccountId;
        current = await Subscriptions.Current(account);
        awaited = await Subscriptions.Awaited(account);
        var last = current is null && awaited is null ? await Subscriptions.Former(account) : null;
        former = onSale.FirstOrDefault(p => p.Key == last);
        triable = current is null ? await Trials.Open(caller) : new HashSet<string>();
    }

    private PlanCardState StateOf(Plan plan) =>
        current?.Plan.Key == plan.Key ? PlanCardState.Current
        : current?.Next?.Key == plan.Key ? PlanCardState.Next
        : !caller!.ManagesBilling || (plan.Education && Personal) ? PlanCardState.Shown
        : current is null ? PlanCardState.Choosable
        : plan.PriceNanos > current.Plan.PriceNanos ? PlanCardState.Upgrade
        : PlanCardState.Change;

    /// <summary>Of the plan that one has, the way to add to it.</summary>
    private EventCallback ExtendOf(Plan plan) =>
        StateOf(plan) == PlanCardState.Current && caller!.ManagesBilling && current is { GraceEnd: null } && (plan.ExtraThousandTokensNanos ?? plan.ExtraConcurrentNanos) is not null
            ? EventCallback.Factory.Create(this, () => Once(() => OpenAsync(Text["ExtendNamed", plan.Name()], plan, current.Extras, null)))
            : default;

    /// <summary>Shows what choosing the plan would do; the dialog does it.</summary>
    private Task Ask(Plan plan) => Once(async () =>
    {
        var quote = await Desk.Quote(await Callers.Get(), plan.Key);
        if (quote.IsDone(out refusal))
        {
            await OpenAsync(Text[current is { Entitlement: Entitlement.Trial } ? "ConfirmStart" : $"Confirm{quote.Value.Kind}", plan.Name()], quote.Value.Plan, quote.Value.Extras, quote.Value);
        }
    });

    private async Task OpenAsync(string title, Plan plan, PlanExtras extras, PlanQuote? quote)
    {
        var parameters = new Dictionary<string, object?> { [nameof(PlanConfirm.Plan)] = plan, [nameof(PlanConfirm.Extras)] = extras, [nameof(PlanConfirm.Quote)] = quote, [nameof(PlanConfirm.Trialing)] = current is { Entitlement: Entitlement.Trial } };
        done = await Dialogs.ShowAsync<PlanConfirm>(title, parameters) as PlanChange ?? done;
        await ReadPlan(plans!);
        if (done is not null)
        {
            // What was done is said at the top, which a phone has scrolled away from.
            await Js.InvokeVoidAsync("scrollTo", 0, 0);
        }
    }

    private Task CancelPlan() => Once(async () =>
    {
        var pastDue = current is { GraceEnd: not null };
        var sentence = current switch
        {
            _ when pastDue => Text["CancelNow"],
            { Entitlement: Entitlement.Trial } => Text["CancelTrial", Day(current.PeriodEnd)],
            { OwnContract: true, Term: PlanTerm.Yearly } => Text["CancelYear", Day(current.Ends)],
            { OwnContract: true } => Text["CancelContract", Day(current.Ends), current.MonthsLeft, current.NextPrice.Amount.Write()],
            _ => Text["CancelAtEnd", Day(current!.PeriodEnd)],
        };
        if (await ConfirmDialog.AskAsync(Dialogs, Text["CancelTitle"], sentence, Text["CancelPlan"], danger: true))
        {
            await Amend(await Desk.Cancel(await Callers.Get()));
        }
    });

    private EventCallback TryOf(Plan plan) => triable.Contains(plan.Key) ? EventCallback.Factory.Create(this, () => Try(plan)) : default;

    private Task Try(Plan plan) => Once(async () =>
    {
        var sentence = Text["TrySentence", plan.TrialDays, new Money(plan.PriceNanos).Write()];
        if (await ConfirmDialog.AskAsync(Dialogs, Text["TryTitle", plan.Name()], sentence, Text["TryBegin"]))
        {
            var begun = await Trials.Begin(await Callers.Get(), plan.Key);
            done = begun.IsDone(out refusal) ? begun.Value : null;
            await ReadPlan(plans!);
            await Js.InvokeVoidAsync("scrollTo", 0, 0);
        }
    });

    private Task CallOff() => Once(async () => await Amend(await Desk.Cancel(await Callers.Get())));

    private Task KeepPlan() => Once(async () => await Amend(await Desk.Keep(await Callers.Get())));

    private async Task Amend(Outcome<Done> outcome)
    {
        outcome.IsDone(out refusal);
        await ReadPlan(plans!);
    }

    /// <summary>One thing at a time. The buttons stay awake: a dialog gives the focus back to the one that opened it.</summary>
    private async Task Once(Func<Task> work)
    {
        if (busy)
        {
            return;
        }

        busy = true;
        (refusal, done) = (null, null);
        try
        {
            await work();
        }
        finally
        {
            busy = false;
        }
    }

    private string Done(PlanChange change)
    {
        var name = plans!.First(p => p.Key == change.PlanKey).Name();
        return Text[$"Done{change.Kind}", name, Day(change.From), Day(change.To), new Money(change.ChargedNanos).Write()];
    }

    private string Day(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, zone).ToString(Text["Day"], CultureInfo.CurrentCulture);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The plans could not be read")]
        public static partial void NotLoaded(ILogger logger, Exception cause);
    }
}
