using Portal.Commands.Bench;
using Portal.Database;

namespace Portal.Commands;

/// <summary>The operator's verbs: the first argument names one, without one the portal serves.</summary>
public static class CommandLine
{
    private const string Help = """
        Usage: Portal [VERB] [--Key:Of:Configuration=value ...]

          serve           serve the portal (what happens without a verb)
          migrate         bring the database up to date and stop
          verify          prove the books; exit 1 and the row's name when something is off
            --since TIME  only what happened since then (ISO 8601): sums per wallet, floors and holds, not the balances' history
          admin EMAIL     make an administrator; a new one's password is printed once
          demo            Development only: make or reset the demo people and print them as JSON
          bench WHAT      measure pages, charges, verify, renewals, gateway, images, text or watermark, one line of JSON; bench alone says more
          quote FILE      price the cases of a JSON file with the shipped catalogue; needs no database
        """;

    /// <returns>
    /// Null: the portal is to serve. Else the process's exit code: 0 done, 1 the verb found something wrong, 2 it was called wrongly.
    /// </returns>
    public static async Task<int?> RunVerb(this WebApplication app, string[] args)
    {
        var words = Words(args);
        switch (words is [var verb, ..] ? verb : "serve")
        {
            case "serve":
                return null;
            case "migrate":
                await app.Services.GetServices<IHostedService>().OfType<Preparation>().Single().Prepare(CancellationToken.None);
                return 0;
            case "verify":
                return await VerifyCommand.Run(app.Services, app.Configuration["since"], Console.Out, Console.Error, !Console.IsErrorRedirected);
            case "quote":
                return QuoteCommand.Run([.. words.Skip(1)], Console.Out, Console.Error);
            case "admin":
                return await AdminCommand.Run(app.Services, words.ElementAtOrDefault(1), Console.Out, Console.Error);
            case "demo":
                return await DemoCommand.Run(app.Services, Console.Out, Console.Error);
            case "bench":
                return await BenchCommand.Run(app.Services, [.. words.Skip(1)], Console.Out, Console.Error);
            default:
                await Console.Error.WriteLineAsync(Help);
                return 2;
        }
    }

    /// <summary>The verb and what belongs to it: neither <c>--Key=value</c>, nor <c>--Key value</c>, nor <c>Key=value</c>.</summary>
    internal static IReadOnlyList<string> Words(string[] args)
    {
        var words = new List<string>();
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i].StartsWith('-'))
            {
                i += args[i].Contains('=', StringComparison.Ordinal) ? 0 : 1;
            }
            else if (words.Count > 0 || !args[i].Contains('=', StringComparison.Ordinal))
            {
                words.Add(args[i]);
            }
        }

        return words;
    }
}
