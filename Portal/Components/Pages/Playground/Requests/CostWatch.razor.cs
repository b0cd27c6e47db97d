using System.Globalization;
using Microsoft.AspNetCore.Components;
using Portal.Accounts;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Data;
using Portal.Prompts;
using Portal.Prompts.Requests;

namespace Portal.Components.Pages.Playground.Requests;

/// <summary>
/// The most that what is being written can cost, and its tokens as the model counts them: asked once nothing was typed for a moment, and again when the
/// wallet changes. The last figure stays until the next one is there.
/// </summary>
public sealed partial class CostWatch(PromptRunner runner, CurrentCaller current, WalletEvents wallets, TimeProvider clock)
{
    private static readonly TimeSpan TypingPause = TimeSpan.FromMilliseconds(300);

    private readonly CancellationTokenSource leaving = new();
    private CancellationToken left;
    private IDisposable? subscription;
    private PromptPreview? preview;
    private CancellationTokenSource? asking;
    private bool outdated;

    /// <summary>The request as it stands; null while there is nothing to price.</summary>
    [Parameter, EditorRequired]
    public required Func<PromptRequest?> Ask { get; set; }

    /// <summary>Of the chosen text model; null while it is not ready, and of pictures.</summary>
    [Parameter]
    public int? ContextLength { get; set; }

    /// <summary>Why it cannot be sent, or was not.</summary>
    public Refusal? Refusal { get; private set; }

    private long? Tokens => preview is { Quote.WorstCase: { Unit: Unit.Tokens } usage } ? usage.InputTokens : null;

    public void Dispose()
    {
        leaving.Cancel();
        leaving.Dispose();
        subscription?.Dispose();
    }

    /// <summary>Something of the request has changed.</summary>
    public async Task Renew()
    {
        if (left.IsCancellationRequested) return;
        asking?.Cancel();
        using var latest = CancellationTokenSource.CreateLinkedTokenSource(left);
        asking = latest;
        try
        {
            await Price(latest.Token);
        }
        catch (OperationCanceledException)
        {
            // Something newer is being asked.
        }
        finally
        {
            if (asking == latest) asking = null;
        }

        if (asking is null && outdated) await WalletChanged();
    }

    /// <summary>What was asked about is sent, or was refused.</summary>
    public void Show(Refusal? refusal)
    {
        asking?.Cancel();
        Refusal = refusal;
        if (refusal is null) preview = null;
        StateHasChanged();
    }

    protected override async Task OnInitializedAsync()
    {
        left = leaving.Token;
        var caller = await current.Get();
        subscription = wallets.Subscribe(caller.AccountId, () => _ = InvokeAsync(WalletChanged));
        if (left.IsCancellationRequested) subscription.Dispose();
        await Renew();
    }

    /// <summary>A busy account changes all the time: that may renew the figure, and must not put it off.</summary>
    private Task WalletChanged()
    {
        outdated = asking is not null;
        return outdated ? Task.CompletedTask : Renew();
    }

    private async Task Price(CancellationToken latest)
    {
        await Task.Delay(TypingPause, clock, latest);
        if (Ask() is { } request)
        {
            var asked = await runner.Preview(await current.Get(latest), request, latest);
            latest.ThrowIfCancellationRequested();
            (preview, Refusal) = asked.IsDone(out var refused) ? (asked.Value, asked.Value.Missing) : (null, refused);
        }
        else
        {
            preview = null;
            if (Refusal != PlaygroundRefusals.Empty) Refusal = null;
        }

        StateHasChanged();
    }

    private static string Whole(long number) => number.ToString("N0", CultureInfo.CurrentCulture);
}
