using Portal.Billing.Ledger;
using Portal.Data.Billing;

namespace Portal.Tests.Faults.Simulation;

/// <summary>Every command that was sent with what was answered, and what the answers oblige the ledger to.</summary>
internal sealed class Promises
{
    private readonly Dictionary<LedgerCommand, Sent> sent = [];

    /// <summary>Takes an answer; null: there came none, and the command may or may not have been done.</summary>
    public void Answered(LedgerCommand command, Outcome<LedgerResult>? answer)
    {
        if (!sent.TryGetValue(command, out var known)) sent.Add(command, known = new Sent());
        if (answer is not { } outcome || outcome.Refusal?.Code == "ledger.unknown")
            known.Open = true;
        else if (outcome.IsDone(out var refusal))
            Done(command, known, outcome.Value);
        else if (refusal.Code is not ("ledger.busy" or "ledger.unavailable"))
            Refused(command, known, refusal);
    }

    /// <summary>A command that was done, to be sent again with another body.</summary>
    public IEnumerable<KeyedCommand> DoneKeys => sent.Where(s => s.Value.First is not null).Select(s => s.Key).OfType<KeyedCommand>();

    /// <summary>What was acknowledged is on disk once, what was refused is not there at all.</summary>
    public void AssertKept(IReadOnlyDictionary<Guid, DurableWallet> wallets)
    {
        var booked = wallets.ToDictionary(w => w.Key, w => w.Value.Transfers.ToLookup(t => t.Reference));
        foreach (var (command, known) in sent)
        {
            var wallet = wallets[command.WalletId];
            bool? there = command switch
            {
                KeyedCommand keyed => wallet.Outcomes.ContainsKey(keyed.Key),
                HoldPrompt prompt => wallet.Holds.ContainsKey(prompt.HoldId),
                SettlePrompt settle => wallet.Usage.TryGetValue(settle.HoldId, out var usage) && LedgerJson.ReadReceipt(usage.Receipt).Usage == settle.Usage,
                VoidHold release => StateOf(wallet, release) == HoldState.Voided,
                ExpireHold release => StateOf(wallet, release) == HoldState.Expired,
                _ => null,
            };
            if (there is not { } found) continue;
            if (known.First is not null) Promise.Kept(found, $"{command} was acknowledged and is not there");
            if (known.First is null && !known.Open) Promise.Kept(!found, $"{command} was refused and is there");
            if (command is KeyedCommand once)
            {
                var rows = booked[command.WalletId][once.Reference].Count(t => t.Kind is TransferKind.Immediate or TransferKind.Pending);
                Promise.Kept(rows == (!found ? 0 : known.First?.Parts.Count ?? rows), $"{command} is there in {rows} transfers");
            }
        }
    }

    private static void Done(LedgerCommand command, Sent known, LedgerResult result)
    {
        if (command is not (KeyedCommand or HoldCommand)) return;
        if (result.Replayed)
        {
            Promise.Kept(known.First is not null || known.Open, $"{command} was never done and is called done before");
            if (known.First is { } first && command is not (PostHold or VoidHold or ExpireHold))
            {
                Promise.Kept(first.Parts.SequenceEqual(result.Parts), $"{command} has another outcome when it is sent again");
                Promise.Kept(first.Receipt?.Price.AmountNanos == result.Receipt?.Price.AmountNanos, $"{command} has another price when it is sent again");
            }
        }
        else
        {
            Promise.Kept(known.First is null, $"{command} was done twice");
        }

        known.First ??= result;
    }

    private static void Refused(LedgerCommand command, Sent known, Refusal refusal)
    {
        if (command is HoldPrompt)
            Promise.Kept(known.First is null || refusal.Code is "request.duplicate" or "concurrency.full" || refusal.Code.Contains("short") || refusal.Code.StartsWith("cap.", StringComparison.Ordinal),
                $"{command} was done and is refused as {refusal}");
        else
            Promise.Kept(known.First is null || command is not (KeyedCommand or HoldCommand), $"{command} was done and is refused as {refusal}");
    }

    private static HoldState? StateOf(DurableWallet wallet, HoldCommand command) => wallet.Holds.TryGetValue(command.HoldId, out var hold) ? hold.State : null;

    private sealed class Sent
    {
        public LedgerResult? First { get; set; }

        /// <summary>It was sent at least once without an answer that says whether it was done.</summary>
        public bool Open { get; set; }
    }
}
