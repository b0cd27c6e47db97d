using Microsoft.Extensions.Logging.Abstractions;

namespace Portal.Tests;

public sealed class EachAloneTests
{
    [Fact]
    public async Task One_that_fails_or_takes_too_long_keeps_no_other_waiting()
    {
        var met = new List<int>();

        var done = await EachAlone.Run(
            [1, 2, 3, 4], NullLogger.Instance, async item =>
            {
                await Task.Yield();
                met.Add(item);
                return item switch { 1 => throw new InvalidOperationException(), 2 => throw new TaskCanceledException(), _ => item };
            },
            CancellationToken.None);

        Assert.Equal([1, 2, 3, 4], met);
        Assert.Equal(7, done);
    }

    [Fact]
    public async Task Who_ends_the_run_ends_it_at_once()
    {
        using var end = new CancellationTokenSource();
        var met = 0;

        await Assert.ThrowsAsync<OperationCanceledException>(() => EachAlone.Run(
            [1, 2], NullLogger.Instance, async _ =>
            {
                met++;
                await end.CancelAsync();
                end.Token.ThrowIfCancellationRequested();
                return true;
            },
            end.Token));

        Assert.Equal(1, met);
    }
}
