namespace Portal.Tests.Faults.Simulation;

internal static class Promise
{
    /// <param name="otherwise">Formatted only when it is needed: millions are not.</param>
    /// <exception cref="PromiseBrokenException">It was not kept.</exception>
    public static void Kept(bool kept, FormattableString otherwise)
    {
        if (!kept) throw new PromiseBrokenException(FormattableString.Invariant(otherwise));
    }
}

/// <summary>The ledger did not do what it had answered, or its rows are no books.</summary>
internal sealed class PromiseBrokenException(string message) : Exception(message);
