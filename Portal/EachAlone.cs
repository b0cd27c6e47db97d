namespace Portal;

/// <summary>How a run goes through what is due: an item that fails is logged, keeps no other waiting, and is left for the next run.</summary>
public static partial class EachAlone
{
    /// <param name="items">The log names them as they write themselves: ids, nothing that a person typed.</param>
    /// <param name="act">Returns how much it did.</param>
    /// <returns>How much was done in all.</returns>
    public static async Task<int> Run<T>(IEnumerable<T> items, ILogger logger, Func<T, Task<int>> act, CancellationToken cancel)
    {
        var done = 0;
        foreach (var item in items)
        {
            try
            {
                done += await act(item);
            }
            catch (Exception failure) when (failure is not OperationCanceledException || !cancel.IsCancellationRequested)
            {
                Log.Failed(logger, item, failure);
            }
        }

        return done;
    }

    /// <param name="act">Returns whether it did something.</param>
    /// <returns>Of how many items something was done.</returns>
    /// <inheritdoc cref="Run{T}(IEnumerable{T}, ILogger, Func{T, Task{int}}, CancellationToken)"/>
    public static Task<int> Run<T>(IEnumerable<T> items, ILogger logger, Func<T, Task<bool>> act, CancellationToken cancel) =>
        Run(items, logger, async item => await act(item) ? 1 : 0, cancel);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "{Item} failed and is left for the next run")]
        public static partial void Failed(ILogger logger, object? item, Exception failure);
    }
}
