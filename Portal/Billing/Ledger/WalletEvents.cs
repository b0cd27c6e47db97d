using System.Collections.Concurrent;

namespace Portal.Billing.Ledger;

/// <summary>Tells open pages of this node that a wallet changed, after the commit.</summary>
public sealed class WalletEvents
{
    private readonly ConcurrentDictionary<Guid, ConcurrentDictionary<object, Action>> listeners = new();

    /// <param name="changed">Called on a thread of the pool, so that no page's reading delays the writer; must not throw.</param>
    /// <returns>Dispose it to stop listening.</returns>
    public IDisposable Subscribe(Guid walletId, Action changed)
    {
        // What flows with a thread, the language above all, is the listener's and not the writer's.
        var context = ExecutionContext.Capture();
        var key = new object();
        var wallet = listeners.GetOrAdd(walletId, _ => new ConcurrentDictionary<object, Action>());
        wallet[key] = context is null ? changed : () => ExecutionContext.Run(context, _ => changed(), null);
        return new Subscription(() => wallet.TryRemove(key, out _));
    }

    public void Publish(Guid walletId)
    {
        if (listeners.TryGetValue(walletId, out var wallet))
        {
            foreach (var (_, changed) in wallet)
            {
                ThreadPool.QueueUserWorkItem(_ => changed());
            }
        }
    }

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
