using Microsoft.Extensions.Logging.Console;

namespace Portal.Commands;

public static class CommandsSetup
{
    /// <param name="args">The command line: a verb's result alone goes to standard output, the log of what it does to standard error.</param>
    public static void AddCommands(this WebApplicationBuilder builder, string[] args)
    {
        builder.Services.AddSingleton<DemoPeople>();
        if (CommandLine.Words(args) is not ([] or ["serve", ..]))
        {
            builder.Services.Configure<ConsoleLoggerOptions>(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
        }
    }
}
