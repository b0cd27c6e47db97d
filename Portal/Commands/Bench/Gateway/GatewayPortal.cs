using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Accounts.Keys;
using Portal.Billing;
using Portal.Billing.Ledger;
using Portal.Catalog;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Database;
using Portal.Inference;
using Portal.Inference.Text;
using Portal.Prompts;
using Portal.Prompts.Api;
using Portal.Prompts.Api.Text;
using Portal.Prompts.Answers;
using Portal.Billing.Rating;
using Portal.Usage;

namespace Portal.Commands.Bench.Gateway;

/// <summary>A portal on a scratch database whose model answers at once, and beside its API the same endpoint without what the portal is for.</summary>
internal sealed class GatewayPortal : IAsyncDisposable
{
    public const string Paid = "/v1/chat/completions";
    public const string Bare = "/bare";

    private const int Customers = 100;
    private const long CreditNanos = 1_000_000 * Money.NanosPerUnit;

    private readonly ScratchDatabase scratch;
    private readonly string folder;
    private readonly WebApplication app;

    private GatewayPortal(ScratchDatabase scratch, string folder, WebApplication app)
    {
        this.scratch = scratch;
        this.folder = folder;
        this.app = app;
    }

    public string Database => scratch.Name;

    public PortalDbFactory Databases => scratch.Databases;

    public Uri Address => new(app.Urls.First());

    public static async Task<GatewayPortal> Start(string database, CancellationToken cancel)
    {
        var scratch = await ScratchDatabase.Create(database, cancel);
        var folder = Directory.CreateTempSubdirectory("portal-bench").FullName;
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration["Inference:ModelDirectories:0"] = folder;
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddLocalization();
        builder.Services.AddSingleton(scratch.Databases);
        builder.Services.AddSingleton<IDbContextFactory<PortalDb>>(scratch.Databases);
        builder.Services.AddScoped(_ => scratch.Databases.CreateDbContext());
        builder.Services.AddHostedService<LogMover>();
        builder.AddAccounts();
        builder.AddCatalog();
        builder.AddBilling();
        builder.AddPrompts();
        builder.AddUsage();
        var model = new InstantModel();
        builder.Services.AddSingleton(new PromptModels(
            () => [new ModelStatus(model.Id, ModelKind.Text, ModelState.Ready)], id => id == model.Id ? model : null, _ => null));
        var app = builder.Build();
        app.MapPrompts();
        app.MapPost(Bare, (HttpContext http) => Answer(http, model));
        await new CatalogLoader(scratch.Databases, TimeProvider.System).Load(cancel);
        await app.StartAsync(cancel);
        return new GatewayPortal(scratch, folder, app);
    }

    /// <returns>Secrets of keys of as many accounts, each with money to spend: together they stay far below each one's rate.</returns>
    public async Task<IReadOnlyList<string>> Open(CancellationToken cancel)
    {
        var (keys, ledger) = (app.Services.GetRequiredService<ApiKeys>(), app.Services.GetRequiredService<LedgerWriter>());
        var secrets = new List<string>();
        for (var i = 0; i < Customers; i++)
        {
            var caller = await OpenAccount($"customer{i}@bench.example", cancel);
            var leg = new Leg(new AccountRef(LedgerCodes.Issued, Unit.Money), new AccountRef(LedgerCodes.CreditGranted, Unit.Money), CreditNanos, "grant");
            ChargeBench.Check(await ledger.Apply(new Move(caller.AccountId, "grant", "bench", [leg]), cancel));
            secrets.Add((await keys.Create(caller, new KeyTerms("bench"), cancel)).Value.Secret);
        }

        return secrets;
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        await scratch.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private async Task<Caller> OpenAccount(string email, CancellationToken cancel)
    {
        var now = TimeProvider.System.GetUtcNow();
        await using var db = scratch.Databases.CreateDbContext();
        var person = new Person { Id = Guid.CreateVersion7(now), UserName = email, Email = email, DisplayName = email, CreatedAt = now };
        db.Users.Add(person);
        var account = AccountOpener.Open(db, AccountKind.Personal, email, person.Id, now);
        await db.SaveChangesAsync(cancel);
        var seat = await db.Memberships.SingleAsync(m => m.AccountId == account.Id, cancel);
        var project = await db.Projects.Where(p => p.AccountId == account.Id).Select(p => p.Id).SingleAsync(cancel);
        return new Caller(person.Id, email, email, account.Id, account.Kind, account.Name, account.TimeZone, seat.Id, seat.Role, project, null, false, false);
    }

    /// <summary>Reads the request, asks the model and writes the answer as the API does.</summary>
    private static async Task Answer(HttpContext http, InstantModel model)
    {
        var read = await ApiJson.Read<ChatCompletionRequest>(http);
        var prompt = ITextCall.Read(read.Value.Value, Guid.NewGuid()).Value;
        await foreach (var delta in model.Generate(new TextRequest(prompt.Messages, prompt.MaxTokens ?? 1), http.RequestAborted))
        {
            var reply = read.Value.Value.Reply(prompt.Id, 0).Whole(delta.Text, [], PromptFinish.Stop, MeteredUsage.Text(delta.Usage.InputTokens, delta.Usage.OutputTokens));
            await http.Response.WriteAsJsonAsync(reply, ApiJson.Options, http.RequestAborted);
        }
    }
}
