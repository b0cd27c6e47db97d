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
          quote FILE      price the cases of a JSON file with the shipped catalogue; needs no database
        """;

    /// <returns>
    /// Null: the portal is to serve. Else the process's exit code: 0 done, 1 the verb found something wrong, 2 it was called wrongly.
    /// </returns>
    public static async Task<int?> RunVerb(this WebApplication app, string[] args)
    {
        var verb = args.FirstOrDefault(a => !a.StartsWith('-') && !a.Contains('=', StringComparison.Ordinal)) ?? "serve";
        switch (verb)
        {
            case "serve":
                return null;
            case "migrate":
                await app.Services.GetServices<IHostedService>().OfType<Preparation>().Single().Prepare(CancellationToken.None);
                return 0;
            case "verify":
                return await VerifyCommand.Run(app.Services, Console.Out);
            case "quote":
                return QuoteCommand.Run([.. args.SkipWhile(a => a != verb).Skip(1).Where(a => !a.StartsWith("--", StringComparison.Ordinal))], Console.Out, Console.Error);
            default:
                await Console.Error.WriteLineAsync(Help);
                return 2;
        }
    }
}
