using Portal.Data;
using Portal.Inference;
using Portal.Prompts.Api.Json;
using Portal.Prompts.Routing;

namespace Portal.Prompts.Api;

/// <summary><c>GET /v1/models</c>: those that take prompts now and that the key may use, and the aliases of such.</summary>
public sealed class ModelList(PromptModels models, ModelRouter router, ApiErrors errors)
{
    public async Task Handle(HttpContext http) =>
        await http.Response.WriteAsJsonAsync(new ModelListJson("list", await Entries(http)), ApiJson.Options, http.RequestAborted);

    public async Task Handle(HttpContext http, string id)
    {
        if ((await Entries(http)).Find(m => m.Id == id) is { } model)
        {
            await http.Response.WriteAsJsonAsync(model, ApiJson.Options, http.RequestAborted);
        }
        else
        {
            await errors.Write(http, new Refusal("model.unknown", id));
        }
    }

    /// <summary>A name that is an alias of text and of pictures is listed once, with its text model.</summary>
    private async Task<List<ModelJson>> Entries(HttpContext http)
    {
        var ready = models.All().Where(m => m.State == ModelState.Ready).Select(m => m.Id).ToList();
        var aliases = (await router.All(Unit.Tokens, http.RequestAborted)).Concat(await router.All(Unit.Images, http.RequestAborted)).Where(r => ready.Contains(r.Model));
        var rights = ApiKeyHandler.CallerOf(http).KeyRights!;
        return
        [
            .. ready.Select(id => EntryOf(id, id)).Concat(aliases.Select(r => EntryOf(r.Alias!, r.Model))).DistinctBy(e => e.Id)
                .Where(e => rights.AllowsModel(e.Id) || rights.AllowsModel(e.Root)),
        ];
    }

    // A folder does not say when its model was made.
    private static ModelJson EntryOf(string id, string root) => new(id, "model", 0, "portal", root);
}
