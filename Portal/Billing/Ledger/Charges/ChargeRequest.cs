namespace Portal.Billing.Ledger.Charges;

/// <summary>A command on its way, and whoever waits for its outcome.</summary>
internal sealed class ChargeRequest(LedgerCommand command, CancellationToken cancel)
{
    private readonly TaskCompletionSource<Outcome<LedgerResult>> done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public LedgerCommand Command => command;

    public Task<Outcome<LedgerResult>> Task => done.Task;

    public bool IsCancelled() => cancel.IsCancellationRequested && done.TrySetCanceled(cancel);

    public void Answer(Outcome<LedgerResult> outcome) => done.TrySetResult(outcome);

    public void Fail(Exception e) => done.TrySetException(e);
}
