using System.Collections.Concurrent;

namespace Portal.Billing.Ledger;

/// <summary>Tells open pages of this node that a wallet changed, after the commit.</summary>
public sealed class WalletEvents
{
    private readonly ConcurrentDictionary<(Guid Wallet, object Subscription), Action> listeners = new();

    /// <param name="changed">Called on a thread of the pool, so that no page's reading delays the writer; must not throw.</param>
    /// <returns>Dispose it to stop listening.</returns>
    public IDisposable Subscribe(Guid walletId, Action changed)
    {
        var key = (walletId, new object());

        // What flows with a thread, the language above all, is the listener's and not the writer's.
        var context = ExecutionContext.Capture();
        listeners[key] = context is null ? changed : () => ExecutionContext.Run(context, _ => changed(), null);
        return new Subscription(() => listeners.TryRemove(key, out _));
    }

    public void Publish(Guid walletId)
    {
        foreach (var (key, changed) in listeners)
        {
            if (key.Wallet == walletId)
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
