using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Portal.Data;
using Portal.Data.Prompts;
using Portal.Inference;
using Portal.Prompts.Requests;

namespace Portal.Prompts.Routing;

/// <summary>
/// Finds the model that a request goes to. A model's own name always means that model; any other is looked up among the aliases; <c>auto</c> takes
/// the alias of the request's priority. While nobody has set <c>flagship</c>, it is the first model of its kind that is ready.
/// </summary>
public sealed class ModelRouter(AliasTable table, PromptModels models)
{
    private const int Whole = 100;

    /// <param name="unit">Tokens of text, images of pictures.</param>
    /// <returns>A refusal when the name is nobody's. The model that is found need not be ready.</returns>
    public async Task<Outcome<ModelRoute>> Find(PromptRequest request, Unit unit, CancellationToken cancel = default)
    {
        if (request.Model == Aliases.Auto)
        {
            var name = Aliases.For(request.Priority);
            return await Follow(name, request.Id, unit, cancel) is { } route ? route : new Refusal("model.priority", name);
        }

        if (request.Priority is not null)
        {
            return new Refusal("model.priority-named", request.Model);
        }

        return models.All().Any(m => m.Id == request.Model) ? new ModelRoute(request.Model)
            : await Follow(request.Model, request.Id, unit, cancel) is { } found ? found
            : await Exists(request.Model, cancel) ? new Refusal(unit == Unit.Images ? "model.not-image" : "model.not-text", request.Model)
            : new Refusal("model.unknown", request.Model);
    }

    /// <summary>Every name that requests of a kind may give, with the model behind it.</summary>
    public async Task<IReadOnlyList<ModelRoute>> All(Unit unit, CancellationToken cancel = default)
    {
        var routes = (await table.Read(cancel)).Where(a => a.Unit == unit).Select(a => new ModelRoute(a.Model, a.Name)).ToList();
        if (routes.TrueForAll(r => r.Alias != Aliases.Flagship) && FirstReady(unit) is { } first)
        {
            routes.Insert(0, new ModelRoute(first, Aliases.Flagship));
        }

        return routes;
    }

    /// <summary>
    /// Whether a request belongs to an alias's canary: the same answer for the same request on every node, so that a preview, its hold and a
    /// repetition meet the same model.
    /// </summary>
    /// <param name="percent">Of all requests.</param>
    public static bool IsCanary(Guid requestId, string alias, int percent)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData([.. requestId.ToByteArray(), .. Encoding.UTF8.GetBytes(alias)], hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash) % Whole < (ulong)percent;
    }

    private async Task<ModelRoute?> Follow(string name, Guid requestId, Unit unit, CancellationToken cancel)
    {
        if ((await table.Read(cancel)).FirstOrDefault(a => a.Unit == unit && a.Name == name) is { } alias)
        {
            return Choose(alias, requestId);
        }

        return name == Aliases.Flagship && FirstReady(unit) is { } first ? new ModelRoute(first, Aliases.Flagship) : null;
    }

    private ModelRoute Choose(ModelAlias alias, Guid requestId)
    {
        if (alias.Canary is not { } canary)
        {
            return new ModelRoute(alias.Model, alias.Name);
        }

        // A canary that is not there takes nobody's request.
        var tried = IsCanary(requestId, alias.Name, alias.CanaryPercent) && models.All().Any(m => m.Id == canary && m.State == ModelState.Ready);
        var trial = new Trial(alias.Id, alias.Version, tried);
        return tried ? new ModelRoute(canary, alias.Name, trial) { InsteadOf = alias.Model } : new ModelRoute(alias.Model, alias.Name, trial);
    }

    private async Task<bool> Exists(string name, CancellationToken cancel) =>
        name == Aliases.Flagship || (await table.Read(cancel)).Any(a => a.Name == name);

    private string? FirstReady(Unit unit)
    {
        var kind = unit == Unit.Images ? ModelKind.Image : ModelKind.Text;
        return models.All().FirstOrDefault(m => m.Kind == kind && m.State == ModelState.Ready)?.Id;
    }
}
