namespace Portal.Components.Circuits;

/// <summary>Whose circuits this node holds in memory: the pages that are open, and for minutes those whose browser went away.</summary>
public sealed class OpenCircuits
{
    /// <summary>More pages than anybody looks at.</summary>
    public const int OfPersonMax = 50;

    /// <summary>Of a network's visitors who are not signed in: a whole class may sit behind it.</summary>
    public const int OfNetworkMax = 200;

    private readonly Lock counting = new();
    private readonly Dictionary<string, int> open = new(StringComparer.Ordinal);

    public bool IsFull(string whose, int max)
    {
        lock (counting) return open.GetValueOrDefault(whose) >= max;
    }

    /// <returns>False: there are as many already, and none was added.</returns>
    public bool TryAdd(string whose, int max)
    {
        lock (counting)
        {
            var count = open.GetValueOrDefault(whose);
            if (count >= max) return false;
            open[whose] = count + 1;
            return true;
        }
    }

    public void Remove(string whose)
    {
        lock (counting)
        {
            if (--open[whose] == 0) open.Remove(whose);
        }
    }
}
