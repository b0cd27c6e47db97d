using System.Globalization;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Data;
using Portal.Tests.Billing.Ledger;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Faults.Crash;

/// <summary>
/// Charges wallets from many callers at once in a process of its own. Each line of its output is an answer that a caller has got: <c>held ID</c>,
/// <c>settled ID</c>, <c>refused CODE</c>; the first line is <c>ready</c>, and a line of input starts the load.
/// </summary>
internal static class ChargeLoad
{
    public const string Verb = "charge-load";

    /// <summary>Every hold's worst case.</summary>
    public const int TokensHeld = 20;

    /// <summary>What a hold is settled with, so that whoever knows its id knows its charge.</summary>
    public static int TokensOf(Guid hold) => 1 + (hold.ToByteArray()[15] % TokensHeld);

    /// <param name="args">Engine, connection string, wallets, callers, charges a caller makes (0: until it is killed; else each is settled whole).</param>
    public static async Task<int> Run(string[] args)
    {
        var databases = new PortalDbFactory(Enum.Parse<DatabaseProvider>(args[0]), args[1]);
        var wallets = args[2].Split(',').Select(Guid.Parse).ToArray();
        var (callers, charges) = (int.Parse(args[3], CultureInfo.InvariantCulture), int.Parse(args[4], CultureInfo.InvariantCulture));
        var clock = new FakeTime();
        var ledger = new LedgerWriter(databases, clock, new WalletEvents());
        await using var output = TextWriter.Synchronized(new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true });
        foreach (var wallet in wallets) await new WalletReader(databases, clock).Read(wallet);
        await output.WriteLineAsync("ready");
        if (await Console.In.ReadLineAsync() is null) return 0;

        var load = Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            for (var i = 0; charges == 0 || i < charges; i++) await Charge(ledger, wallets[(caller + i) % wallets.Length], charges > 0, output);
        })));
        // Whoever started it is gone when its input ends; the console's reader blocks.
        await Task.WhenAny(load, Task.Run(Console.In.ReadToEnd));
        return load.IsCompletedSuccessfully ? 0 : 1;
    }

    private static async Task Charge(LedgerWriter ledger, Guid wallet, bool whole, TextWriter output)
    {
        var hold = Guid.NewGuid();
        var held = await ledger.Apply(WalletScene.Hold(wallet, hold, TokensHeld));
        if (!held.IsDone(out var refusal))
        {
            await output.WriteLineAsync($"refused {refusal.Code}");
            return;
        }

        await output.WriteLineAsync($"held {hold}");
        var settled = await ledger.Apply(WalletScene.Settle(wallet, hold, whole ? TokensHeld : TokensOf(hold)));
        await output.WriteLineAsync(settled.IsDone(out refusal) ? $"settled {hold}" : $"refused {refusal.Code}");
    }
}
