using Portal.Inference;
using Portal.Prompts.Advice;
using Portal.Prompts.Api;
using Portal.Prompts.Batches;
using Portal.Prompts.Cache;
using Portal.Prompts.Chats;
using Portal.Prompts.Marks;
using Portal.Prompts.Pricing;
using Portal.Prompts.Routing;
using Portal.Prompts.Routing.Canaries;

namespace Portal.Prompts;

public static class PromptsSetup
{
    public static void AddPrompts(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddInference(builder.Configuration);
        services.AddOptions<PromptsOptions>().Bind(builder.Configuration.GetSection(PromptsOptions.Section))
            .Validate(o => o.HoldMinutes is >= 2 and <= 1440, "Prompts:HoldMinutes must be from 2 to 1440.")
            .Validate(o => o.DegradeAtPercent >= 1, "Prompts:DegradeAtPercent must be at least 1.")
            .ValidateOnStart();
        services.AddOptions<CanaryOptions>().Bind(builder.Configuration.GetSection(CanaryOptions.Section))
            .Validate(o => o.RequestsMin is >= 1 and <= 1_000_000, "Prompts:Canary:RequestsMin must be from 1 to 1000000.")
            .Validate(o => o.ExcessPercent is >= 0 and <= 1_000, "Prompts:Canary:ExcessPercent must be from 0 to 1000.")
            .ValidateOnStart();
        services.AddSingleton(provider => PromptModels.Of(provider.GetRequiredService<ModelHost>()));
        services.AddSingleton<AliasTable>();
        services.AddSingleton<ModelRouter>();
        services.AddSingleton<CanaryTally>();
        services.AddSingleton<CanaryRun>();
        services.AddSingleton<AliasDesk>();
        services.AddSingleton<ModelDesk>();
        services.AddOptions<CacheOptions>().Bind(builder.Configuration.GetSection(CacheOptions.Section))
            .Validate(o => o.Hours is >= 1 and <= 720, "Prompts:Cache:Hours must be from 1 to 720.")
            .Validate(o => o.AnswersMax is >= 1 and <= 100_000, "Prompts:Cache:AnswersMax must be from 1 to 100000.")
            .Validate(o => o.CharactersMax >= 1, "Prompts:Cache:CharactersMax must be 1 or more.")
            .ValidateOnStart();
        services.AddSingleton<AnswerCache>();
        services.AddSingleton<PromptPricing>();
        services.AddSingleton<PictureMarks>();
        services.AddSingleton<PictureTracer>();
        services.AddSingleton<PromptPlanner>();
        services.AddSingleton<PromptSettler>();
        services.AddSingleton<PromptRunner>();
        services.AddSingleton<TextTariff>();
        services.AddSingleton<ChatDesk>();

        // Registered before the runner, so stopped after it: what ran last is counted and told.
        services.AddHostedService<MetricsExport>();
        services.AddHostedService(provider => provider.GetRequiredService<CanaryTally>());
        services.AddSingleton<PromptAdvice>();

        // Registered after the models, so stopped before them: what runs is ended and charged while its model still answers.
        services.AddHostedService(provider => provider.GetRequiredService<PromptRunner>());
        services.AddHostedService<StandingWatch>();
        services.AddPromptApi();
        builder.AddBatches();
    }

    public static void MapPrompts(this WebApplication app)
    {
        app.MapPromptApi();
        app.MapBatchDownloads();
    }
}
