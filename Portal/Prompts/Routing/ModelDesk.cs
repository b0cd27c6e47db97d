using Microsoft.EntityFrameworkCore;
using Portal.Catalog;
using Portal.Data;
using Portal.Data.Catalog;
using Portal.Data.Support;
using Portal.Inference;

namespace Portal.Prompts.Routing;

/// <summary>The models of this server for administrators: what they do, and loading and unloading them. Asking twice is asked once.</summary>
public sealed class ModelDesk(ModelHost host, ModelRouter router, CatalogReader catalogue, IDbContextFactory<PortalDb> databases, TimeProvider clock) : IDisposable
{
    private const int Thousand = 1000;

    // Between looking at a model's state and changing it nobody else does.
    private readonly SemaphoreSlim turn = new(1);

    public async Task<Outcome<IReadOnlyList<ModelView>>> List(Caller caller, CancellationToken cancel = default)
    {
        if (caller.WhyNotSee(Right.Administer) is { } no) return no;
        var card = await catalogue.RateCard(cancel);
        var aliases = (await router.All(Unit.Tokens, cancel)).Concat(await router.All(Unit.Images, cancel)).ToList();
        return host.Reports.Select(report =>
        {
            var rate = RateOf(card, report.Status);
            var price = rate is null ? (Money?)null : Money.FromAmount(rate.PerUnit * (rate.Meter == Meters.Images ? 1 : Thousand));
            return new ModelView(report, price, rate is { Model: not "*" }, [.. aliases.Where(a => a.Model == report.Status.Id).Select(a => a.Alias!)]);
        }).ToList();
    }

    /// <summary>Begins to load a model, or to load it anew; the list tells how that went.</summary>
    public Task<Outcome<Done>> Load(Caller caller, string id, CancellationToken cancel = default) =>
        Change(caller, id, "model.loaded", report => !report.Busy, model => host.Load(model), cancel);

    /// <summary>Takes a model out of service; prompts that run may end.</summary>
    public Task<Outcome<Done>> Unload(Caller caller, string id, CancellationToken cancel = default) =>
        Change(caller, id, "model.unloaded", report => report is { Busy: false, Status.State: ModelState.Ready }, model => host.Unload(model), cancel);

    /// <summary>Begins to look for new, changed and deleted folders.</summary>
    public async Task<Outcome<Done>> Rescan(Caller caller, CancellationToken cancel = default)
    {
        if (caller.WhyNot(Right.Administer) is { } no) return no;
        await turn.WaitAsync(cancel);
        try
        {
            if (!host.Scanning)
            {
                await Audit(caller, "models.rescanned", Environment.MachineName, cancel);
                _ = host.Rescan();
            }

            return default(Done);
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();

    private static Rate? RateOf(RateCard card, ModelStatus model)
    {
        var meter = model.Kind switch { ModelKind.Text => Meters.OutputTokens, ModelKind.Image => Meters.Images, _ => null };
        return card.Rates.Find(r => r.Meter == meter && r.Model == model.Id) ?? card.Rates.Find(r => r.Meter == meter && r.Model == "*");
    }

    private async Task<Outcome<Done>> Change(
        Caller caller, string id, string action, Func<ModelReport, bool> isDue, Func<string, Task?> change, CancellationToken cancel)
    {
        if (caller.WhyNot(Right.Administer) is { } no) return no;
        await turn.WaitAsync(cancel);
        try
        {
            if (host.Reports.FirstOrDefault(r => r.Status.Id == id) is not { } report)
            {
                return new Refusal("model.unknown", id);
            }

            if (isDue(report))
            {
                await Audit(caller, action, id, cancel);
                _ = change(id);
            }

            return default(Done);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task Audit(Caller caller, string action, string subject, CancellationToken cancel)
    {
        await using var db = databases.CreateDbContext();
        db.AuditEntries.Add(new AuditEntry { At = clock.GetUtcNow(), PersonId = caller.PersonId, Action = action, Subject = subject });
        await db.SaveChangesAsync(cancel);
    }
}
