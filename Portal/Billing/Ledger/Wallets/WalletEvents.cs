using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Portal.Billing.Ledger.Wallets;

/// <summary>Tells open pages of this node that a wallet changed, after the commit.</summary>
public sealed class WalletEvents
{
    private readonly ConcurrentDictionary<Guid, ImmutableList<Subscription>> listeners = new();

    /// <summary>Wallets that somebody listens to.</summary>
    internal int Watched => listeners.Count;

    /// <param name="changed">Called on a thread of the pool, so that no page's reading delays the writer; must not throw.</param>
    /// <returns>Dispose it to stop listening.</returns>
    public IDisposable Subscribe(Guid walletId, Action changed)
    {
        // What flows with a thread, the language above all, is the listener's and not the writer's.
        var context = ExecutionContext.Capture();
        var subscription = new Subscription(this, walletId, context is null ? changed : () => ExecutionContext.Run(context, _ => changed(), null));
        listeners.AddOrUpdate(walletId, _ => [subscription], (_, others) => others.Add(subscription));
        return subscription;
    }

    public void Publish(Guid walletId)
    {
        if (listeners.TryGetValue(walletId, out var wallet))
        {
            foreach (var listener in wallet)
            {
                ThreadPool.QueueUserWorkItem(_ => listener.Changed());
            }
        }
    }

    /// <summary>The last listener takes the wallet along; one that comes meanwhile makes this try again.</summary>
    private void End(Guid walletId, Subscription subscription)
    {
        while (listeners.TryGetValue(walletId, out var wallet))
        {
            var rest = wallet.Remove(subscription);
            if (rest.IsEmpty ? listeners.TryRemove(KeyValuePair.Create(walletId, wallet)) : listeners.TryUpdate(walletId, rest, wallet))
            {
                return;
            }
        }
    }

    private sealed class Subscription(WalletEvents events, Guid walletId, Action changed) : IDisposable
    {
        public Action Changed => changed;

        public void Dispose() => events.End(walletId, this);
    }
}
