using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Portal.Catalog;
using Portal.Data;
using Portal.Inference;
using Portal.Prompts;
using Portal.Prompts.Routing;
using Portal.Tests.Fixtures;
using Portal.Tests.Inference;

namespace Portal.Tests.Prompts.Routing;

/// <summary>Models and aliases in administrators' hands.</summary>
public sealed class ModelDeskTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_administrators_see_and_change_models_and_aliases()
    {
        await using var scene = await PromptScene.Start();
        await using var host = Host(new TemporaryModels().Directory);
        var (models, aliases) = Desks(scene, host);
        foreach (var caller in new[] { scene.Owner, scene.Owner with { IsSupport = true } })
        {
            Refusal?[] refused =
            [
                (await models.List(caller, Cancel)).Refusal, (await models.Load(caller, "guide", Cancel)).Refusal, (await models.Unload(caller, "guide", Cancel)).Refusal,
                (await models.Rescan(caller, Cancel)).Refusal, (await aliases.List(caller, Cancel)).Refusal, (await aliases.Set(caller, Flagship, Cancel)).Refusal,
                (await aliases.Remove(caller, Guid.NewGuid(), Cancel)).Refusal,
            ];
            Assert.All(refused, refusal => Assert.Equal(Refusal.NotFound, refusal));
        }

        Assert.Empty(await Audited(scene));
    }

    [Fact]
    public async Task A_double_click_unloads_and_loads_once_and_each_is_audited_once()
    {
        await using var scene = await PromptScene.Start();
        using var folders = new TemporaryModels();
        folders.Copy(ShippedModels.Guide, "guide");
        await using var host = Host(folders.Directory);
        await host.StartAsync(Cancel);
        await host.Ready.WaitAsync(Cancel);
        var (models, _) = Desks(scene, host);
        var admin = Admin(scene);

        Assert.All(await Task.WhenAll(models.Unload(admin, "guide", Cancel), models.Unload(admin, "guide", Cancel)), done => Assert.Null(done.Refusal));
        await Until.TrueAsync("it is unloaded", () => Task.FromResult(host.Models[0].State == ModelState.Unloaded && !host.Reports[0].Busy));
        Assert.All(await Task.WhenAll(models.Load(admin, "guide", Cancel), models.Load(admin, "guide", Cancel)), done => Assert.Null(done.Refusal));
        await Until.TrueAsync("it is ready", () => Task.FromResult(host.Models[0].State == ModelState.Ready));

        var view = Assert.Single((await models.List(admin, Cancel)).Value);
        Assert.Equal((Money.FromAmount(0.006m), false), (view.Price, view.OwnPrice));
        Assert.Equal(["model.unloaded", "model.loaded"], await Audited(scene));
        Assert.Equal("model.unknown", (await models.Load(admin, "nothing", Cancel)).Refusal?.Code);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task An_alias_is_made_once_changed_by_its_version_and_known_everywhere_within_two_seconds(DatabaseProvider provider)
    {
        await using var scene = await PromptScene.Start(provider);
        scene.Statuses.Add(new("next", ModelKind.Text, ModelState.Ready));
        await using var host = Host(".");
        var (_, desk) = Desks(scene, host);
        var (admin, other) = (Admin(scene), new AliasTable(scene.Database.Factory, scene.Time));
        Assert.Empty(await other.Read(Cancel));

        Assert.All(await Task.WhenAll(desk.Set(admin, Flagship, Cancel), desk.Set(admin, Flagship, Cancel)), done => Assert.Null(done.Refusal));
        var changed = Flagship with { Version = 1, Canary = "next", CanaryPercent = 10 };
        Assert.All(await Task.WhenAll(desk.Set(admin, changed, Cancel), desk.Set(admin, changed, Cancel)), done => Assert.Null(done.Refusal));
        Assert.Equal("alias.changed", (await desk.Set(admin, Flagship with { Version = 1, Model = "next" }, Cancel)).Refusal?.Code);
        Assert.Equal("alias.changed", (await desk.Set(admin, Flagship with { Model = "next" }, Cancel)).Refusal?.Code);
        scene.Time.Advance(TimeSpan.FromSeconds(2));

        var known = Assert.Single(await other.Read(Cancel));
        Assert.Equal(("flagship", "guide", "next", 10, 2), (known.Name, known.Model, known.Canary, known.CanaryPercent, known.Version));
        Assert.Equal(new CanarySide(0, 0, 0), Assert.Single((await desk.List(admin, Cancel)).Value).Canary);
        Assert.Null((await desk.Remove(admin, known.Id, Cancel)).Refusal);
        Assert.Null((await desk.Remove(admin, known.Id, Cancel)).Refusal);
        Assert.Equal(["alias.made", "alias.changed", "alias.removed"], await Audited(scene));
    }

    [Theory]
    [InlineData("Flag Ship", "guide", null, 0, "alias.name")]
    [InlineData("auto", "guide", null, 0, "alias.name")]
    [InlineData("flagship", "nothing", null, 0, "alias.model")]
    [InlineData("flagship", "shapes", null, 0, "alias.model")]
    [InlineData("flagship", "guide", "guide", 5, "alias.canary")]
    [InlineData("flagship", "guide", "shapes", 5, "alias.canary")]
    [InlineData("flagship", "guide", "next", 0, "alias.percent")]
    [InlineData("flagship", "guide", "next", 100, "alias.percent")]
    public async Task An_alias_that_makes_no_sense_is_refused(string name, string model, string? canary, int percent, string refusal)
    {
        await using var scene = await PromptScene.Start();
        scene.Statuses.Add(new("next", ModelKind.Text, ModelState.Ready));
        await using var host = Host(".");

        Assert.Equal(refusal, (await Desks(scene, host).Aliases.Set(Admin(scene), new(Unit.Tokens, name, model, canary, percent, 0), Cancel)).Refusal?.Code);
    }

    private static AliasChange Flagship { get; } = new(Unit.Tokens, "flagship", "guide", null, 0, 0);

    private static Caller Admin(PromptScene scene) => scene.Owner with { IsAdministrator = true };

    private static ModelHost Host(string directory) =>
        new(Options.Create(new InferenceOptions { Device = InferenceDevice.Cpu, ModelDirectories = [directory] }), TimeProvider.System, NullLogger<ModelHost>.Instance);

    private static (ModelDesk Models, AliasDesk Aliases) Desks(PromptScene scene, ModelHost host)
    {
        var factory = scene.Database.Factory;
        return (
            new ModelDesk(host, new ModelRouter(scene.Aliases, PromptModels.Of(host)), new CatalogReader(factory, scene.Time), factory, scene.Time),
            new AliasDesk(factory, scene.Aliases, scene.Models, scene.Time));
    }

    private static async Task<List<string>> Audited(PromptScene scene)
    {
        await using var db = scene.Database.Open();
        return await db.AuditEntries.OrderBy(a => a.Id).Select(a => a.Action).ToListAsync(Cancel);
    }
}
