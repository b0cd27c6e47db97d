using System.Globalization;
using System.Runtime.CompilerServices;
using Portal.Accounts;
using Portal.Billing.Rating;
using Portal.Catalog;
using Portal.Data;
using Portal.Inference;
using Portal.Inference.Images;
using Portal.Inference.Text;
using Portal.Prompts.Answers;
using Portal.Prompts.Cache;
using Portal.Prompts.Marks;
using Portal.Prompts.Pictures;
using Portal.Prompts.Pricing;
using Portal.Prompts.Requests;
using Portal.Prompts.Routing;

namespace Portal.Prompts;

/// <summary>Checks a request against its model and works out its worst case. Nothing is reserved here.</summary>
public sealed class PromptPlanner(PromptModels models, ModelRouter router, PromptPricing pricing, PictureMarks marks, AnswerCache cache)
{
    /// <param name="givesWay">Whether a picture may be drawn in fewer steps when its model is busy. What is only shown must hold when it is not busy any more.</param>
    public Task<Outcome<PromptPlan>> Plan(Caller caller, PromptRequest request, bool givesWay, CancellationToken cancel = default) => request switch
    {
        TextPrompt text => PlanText(caller, text, cancel),
        ImagePrompt image => PlanImage(caller, image, givesWay, cancel),
        _ => throw new ArgumentOutOfRangeException(nameof(request), request, "no such request"),
    };

    private async Task<Outcome<PromptPlan>> PlanText(Caller caller, TextPrompt request, CancellationToken cancel)
    {
        var checkedRequest = PromptChecks.Text(request);
        if (!checkedRequest.IsDone(out var refusal))
        {
            return refusal;
        }

        var routed = await Route(caller, checkedRequest.Value, Unit.Tokens, cancel);
        if (!routed.IsDone(out refusal, out var route))
        {
            return refusal;
        }

        var prompt = checkedRequest.Value with { Model = route.Model };
        if (models.Text(prompt.Model) is not { } model)
        {
            return models.WhyNot(prompt.Model, ModelKind.Text);
        }

        if (prompt.MaxTokens is { } wanted && (wanted < 1 || wanted > model.ContextLength))
        {
            return new Refusal("prompt.max-tokens", Whole(wanted), Whole(model.ContextLength));
        }

        int input;
        try
        {
            input = model.CountTokens(prompt.Messages);
        }
        catch (ModelUnloadedException)
        {
            return models.WhyNot(prompt.Model, ModelKind.Text);
        }
        catch (PromptUnfitException)
        {
            return new Refusal("prompt.template", prompt.Model);
        }

        if (input >= model.ContextLength)
        {
            return new Refusal("prompt.context", Whole(input), Whole(model.ContextLength - 1));
        }

        var output = Math.Min(prompt.MaxTokens ?? PromptLimits.MaxTokensDefault, model.ContextLength - input);
        var earlier = await cache.Look(caller, prompt, output, model.Version, cancel);
        var worstCase = earlier?.Found?.Usage ?? MeteredUsage.Text(input, output);
        var priced = await pricing.Price(caller, prompt, route, worstCase, earlier?.Found is not null, cancel: cancel);
        if (!priced.IsDone(out refusal, out var price))
        {
            return refusal;
        }

        var call = new TextRequest(prompt.Messages, output) { Sampling = prompt.Sampling, Likelihoods = prompt.Likelihoods, Stop = prompt.Stop, Lane = price.Lane };
        return new PromptPlan(prompt, route, price.Hold, output, stop => earlier?.Found is { } found ? Again(found) : Generate(model, call, stop)) { Cache = earlier };
    }

    /// <summary>
    /// A key that is limited to models may name one of them, or an alias of it. In the alias's canary it takes part only where it may use that too, or is
    /// allowed the alias itself.
    /// </summary>
    private async Task<Outcome<ModelRoute>> Route(Caller caller, PromptRequest request, Unit unit, CancellationToken cancel)
    {
        var routed = await router.Find(request, unit, cancel);
        if (!routed.IsDone(out _, out var route) || caller.KeyRights is not { } rights || rights.AllowsModel(request.Asked))
        {
            return routed;
        }

        var own = route.InsteadOf ?? route.Model;
        return !rights.AllowsModel(own) ? new Refusal("key.model", request.Model) : rights.AllowsModel(route.Model) ? route : new ModelRoute(own, route.Alias);
    }

    private async Task<Outcome<PromptPlan>> PlanImage(Caller caller, ImagePrompt request, bool givesWay, CancellationToken cancel)
    {
        var checkedRequest = PromptChecks.Image(request);
        if (!checkedRequest.IsDone(out var refusal))
        {
            return refusal;
        }

        var routed = await Route(caller, checkedRequest.Value, Unit.Images, cancel);
        if (!routed.IsDone(out refusal, out var route))
        {
            return refusal;
        }

        var prompt = checkedRequest.Value with { Model = route.Model };
        if (models.Image(prompt.Model) is not { } model)
        {
            return models.WhyNot(prompt.Model, ModelKind.Image);
        }

        var limits = model.Limits;
        var (width, height, steps) = (prompt.Width ?? limits.SizeDefault, prompt.Height ?? limits.SizeDefault, prompt.Steps ?? limits.StepsDefault);
        if (steps < 1 || steps > limits.StepsMax)
        {
            return new Refusal("prompt.steps", Whole(steps), Whole(limits.StepsMax));
        }

        if (!limits.Allows(width, height, steps))
        {
            return new Refusal("prompt.size", $"{Whole(width)} × {Whole(height)}", Whole(limits.SizeMin), Whole(limits.SizeMax), Whole(limits.SizeMultiple));
        }

        int input;
        try
        {
            input = Math.Max(model.CountTokens(prompt.Text), prompt.Guidance == 0 ? 0 : model.CountTokens(prompt.NegativeText));
        }
        catch (ModelUnloadedException)
        {
            return models.WhyNot(prompt.Model, ModelKind.Image);
        }

        if (input > model.PromptTokensMax)
        {
            return new Refusal("prompt.context", Whole(input), Whole(model.PromptTokensMax));
        }

        var (priced, degraded) = (await pricing.Price(caller, prompt, route, Usage(steps), cancel: cancel), (DegradedSteps?)null);
        if (!priced.IsDone(out refusal, out var price))
        {
            return refusal;
        }

        if (givesWay && LoadShedding.StepsUnderLoad(prompt, price.Lane, steps, models.Load(route.Model), pricing.DegradeAtPercent) is { } fewer)
        {
            priced = await pricing.Price(caller, prompt, route, Usage(fewer), quality: QualityGrades.Degraded, cancel: cancel);
            if (!priced.IsDone(out refusal, out price))
            {
                return refusal;
            }

            (degraded, steps) = (new DegradedSteps(fewer, steps), fewer);
        }

        var call = new ImageRequest(prompt.Text, width, height, steps, prompt.Seed, await marks.For(caller.AccountId, prompt.Id, cancel))
        {
            Guidance = prompt.Guidance, NegativePrompt = prompt.NegativeText, Lane = price.Lane,
        };
        return new PromptPlan(prompt, route, price.Hold, 0, stop => PictureSet.Draw(model, call, prompt.Count, stop)) { Degraded = degraded };

        MeteredUsage Usage(int drawn) => MeteredUsage.Picture(prompt.Count, width, height, prompt.Guidance == 0 ? drawn : 2 * drawn);
    }

    private static async IAsyncEnumerable<PromptUpdate> Again(CacheLookup.Answer found)
    {
        await Task.CompletedTask;
        yield return new PromptUpdate(found.Text, 0, 0, null, found.Usage, found.Finish);
    }

    private static async IAsyncEnumerable<PromptUpdate> Generate(ITextModel model, TextRequest call, [EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var delta in model.Generate(call, stop))
        {
            yield return PromptUpdate.Of(delta);
        }
    }

    private static string Whole(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
