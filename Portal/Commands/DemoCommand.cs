using System.Text.Json;
using Portal.Database;

namespace Portal.Commands;

/// <summary><c>demo</c>: makes or resets the demo people and prints them as a JSON array, nothing else.</summary>
public static class DemoCommand
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static async Task<int> Run(IServiceProvider services, TextWriter output, TextWriter errors, CancellationToken cancel = default)
    {
        if (!services.GetRequiredService<IHostEnvironment>().IsDevelopment())
        {
            await errors.WriteLineAsync("Demo people have known passwords: they exist in Development only. Use 'admin EMAIL' to make the first administrator.");
            return 2;
        }

        await services.GetServices<IHostedService>().OfType<Preparation>().Single().Prepare(cancel);
        await output.WriteLineAsync(JsonSerializer.Serialize(await services.GetRequiredService<DemoPeople>().Reset(cancel), Json));
        return 0;
    }
}
