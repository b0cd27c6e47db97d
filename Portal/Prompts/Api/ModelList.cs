using Portal.Accounts;
using Portal.Inference;

namespace Portal.Prompts.Api;

/// <summary><c>GET /v1/models</c>: those that take prompts now.</summary>
public sealed class ModelList(PromptModels models, ApiErrors errors)
{
    public Task Handle(HttpContext http) =>
        http.Response.WriteAsJsonAsync(new { Object = "list", Data = Ready().Select(Entry) }, ApiJson.Options, http.RequestAborted);

    public Task Handle(HttpContext http, string id) => Ready().FirstOrDefault(m => m.Id == id) is { } model
        ? http.Response.WriteAsJsonAsync(Entry(model), ApiJson.Options, http.RequestAborted)
        : errors.Write(http, new Refusal("model.unknown", id));

    private IEnumerable<ModelStatus> Ready() => models.All().Where(m => m.State == ModelState.Ready);

    // A folder does not say when its model was made.
    private static object Entry(ModelStatus model) => new { model.Id, Object = "model", Created = 0, OwnedBy = "portal" };
}
