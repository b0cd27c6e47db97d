using System.Globalization;
using Microsoft.AspNetCore.Components;
using Portal.Accounts;
using Portal.Components.Shared;
using Portal.Components.Shared.Dialogs;
using Portal.Payments.Cards;
using Radzen;

namespace Portal.Components.Pages.Billing.Cards;

/// <summary>The saved cards: added on the gateway's page, one of them the default, each of them removable. Reads anew whenever the wallet changes.</summary>
public sealed partial class CardsPage(
    CurrentCaller currentCaller, CardDesk desk, DialogService dialogs, NotificationService notifications, NavigationManager navigation) : IDisposable
{
    private readonly CancellationTokenSource left = new();

    // One page of the gateway: a second click, or a second try when it was not reached, opens the same.
    private string formKey = $"{Guid.NewGuid():N}";
    private Caller? caller;
    private IReadOnlyList<SavedCardView>? cards;
    private Refusal? refusal;
    private bool adding;
    private bool busy;

    /// <summary>The person comes back from the gateway, which has saved a card.</summary>
    [SupplyParameterFromQuery(Name = "added")]
    public bool Added { get; set; }

    public void Dispose()
    {
        left.Cancel();
        left.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        caller = await currentCaller.Get(left.Token);

        // The webhook may be on its way; asking is quicker and does no harm.
        if (Added && caller.ManagesBilling) await desk.Refresh(caller, left.Token);
        await ReadAsync();
    }

    private async Task ReadAsync()
    {
        caller = await currentCaller.Get(left.Token);
        var read = await desk.Read(caller, left.Token);
        cards = read.IsDone(out var notRead) ? read.Value : null;
        refusal = notRead ?? refusal;
    }

    private async Task AddAsync()
    {
        if (adding) return;
        adding = true;
        var page = await desk.Add(
            await currentCaller.Get(left.Token), new AddCardRequest(formKey, new Uri(navigation.BaseUri), CultureInfo.CurrentUICulture.Name), CancellationToken.None);
        if (page.IsDone(out refusal))
        {
            formKey = $"{Guid.NewGuid():N}";
            navigation.NavigateTo(page.Value.AbsoluteUri, forceLoad: true);
            return;
        }
        adding = false;
    }

    private Task ChooseAsync(SavedCardView card) => DoAsync(async () => await desk.MakeDefault(await currentCaller.Get(), card.Id, CancellationToken.None), Text["Chosen", Name(card)]);

    private async Task RemoveAsync(SavedCardView card)
    {
        var consequence = !card.IsDefault ? Text["RemoveOther"] : card.Successor is { } next ? Text["RemoveDefault", Name(next)] : Text["RemoveLast"];
        if (busy || !await ConfirmDialog.AskAsync(dialogs, Text["RemoveTitle", Name(card)], consequence, Text["Remove"], danger: true)) return;
        await DoAsync(async () => await desk.Remove(await currentCaller.Get(), card.Id, CancellationToken.None), Text["Removed", Name(card)]);
    }

    private async Task DoAsync(Func<Task<Outcome<Done>>> change, string said)
    {
        if (busy) return;
        busy = true;
        Added = false;
        try
        {
            if ((await change()).IsDone(out refusal)) notifications.Notify(NotificationSeverity.Success, said);
            await ReadAsync();
        }
        finally
        {
            busy = false;
        }
    }

    private static string Name(SavedCardView card) => CardName.Write(card.Brand, card.Last4);
}
