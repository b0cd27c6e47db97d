using Portal.Data.Accounts;
using Portal.Prompts.Api.Document;
using Portal.Prompts.Api.Text;

namespace Portal.Prompts.Api.Account;

/// <summary>The endpoints about the caller's own account. What they answer is what the pages show, from the same classes.</summary>
public static class AccountApiSetup
{
    internal const string Root = "/api/v1";

    public static void AddAccountApi(this IServiceCollection services)
    {
        services.AddSingleton<BalanceEndpoint>();
        services.AddSingleton<UsageEndpoint>();
        services.AddSingleton<QuoteEndpoint>();
        services.AddSingleton<SeatsEndpoint>();
    }

    public static void MapAccountApi(this WebApplication app)
    {
        var account = app.MapKeyed(Root, KeyEndpoints.Account);
        account.MapGet("/balance", (HttpContext http, BalanceEndpoint balance) => Write(http, balance.Answer(http))).Gives<BalanceJson>("What can be spent now.");
        account.MapGet("/usage", (HttpContext http, UsageEndpoint usage) => Write(http, usage.Answer(http))).Gives<UsageListJson>("What was used, by day, model or project.");
        account.MapPost("/quote", (HttpContext http, QuoteEndpoint quote) => Write(http, quote.Answer(http))).Takes<ChatCompletionRequest>("What a request would reserve: the body of any of the prompt endpoints.").Gives<QuoteJson>();
        app.MapKeyed(Root, KeyEndpoints.Seats).MapGet("/seats", (HttpContext http, SeatsEndpoint seats) => Write(http, seats.Answer(http))).Gives<PageJson<SeatJson>>("The members of the organisation with their allocations.");
    }

    private static Task Write(HttpContext http, Task<Outcome<object>> answer) => http.RequestServices.GetRequiredService<ApiErrors>().Answer(http, answer);
}
