using System.Diagnostics;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Faults.Crash;

/// <summary>A <see cref="ChargeLoad"/> that can be killed.</summary>
internal sealed class ChargeLoadProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly List<string> answers = [];

    private ChargeLoadProcess(Process process) => this.process = process;

    public IEnumerable<Guid> Held => Ids("held ");

    public IEnumerable<Guid> Settled => Ids("settled ");

    public IEnumerable<string> Refused => answers.Where(a => a.StartsWith("refused ", StringComparison.Ordinal)).Select(a => a["refused ".Length..]);

    /// <summary>Returns once it is ready to charge.</summary>
    public static async Task<ChargeLoadProcess> Start(LedgerScene scene, int callers, int charges = 0)
    {
        string[] arguments = [typeof(ChargeLoad).Assembly.Location, ChargeLoad.Verb, $"{scene.Database.Provider}", scene.Database.ConnectionString, string.Join(',', scene.Wallets), $"{callers}", $"{charges}"];
        var load = new ChargeLoadProcess(Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!);
        Assert.Equal("ready", await load.process.StandardOutput.ReadLineAsync());
        return load;
    }

    public async Task Go()
    {
        await process.StandardInput.WriteLineAsync("go");
        await process.StandardInput.FlushAsync();
    }

    /// <summary>Waits for this many answers and kills it in the middle of the next ones; takes the answers that were on their way.</summary>
    public async Task KillAfter(int count)
    {
        while (answers.Count < count) answers.Add(await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("the load ended by itself"));
        process.Kill();
        await ReadToEnd();
    }

    public async Task ReadToEnd()
    {
        // The last line of a killed process may be half a line, which is no answer.
        var rest = await process.StandardOutput.ReadToEndAsync();
        answers.AddRange(rest[..(rest.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries));
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private IEnumerable<Guid> Ids(string word) => answers.Where(a => a.StartsWith(word, StringComparison.Ordinal)).Select(a => Guid.Parse(a[word.Length..]));
}
