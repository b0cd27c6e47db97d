using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Portal.Inference;

public static class InferenceServices
{
    /// <summary>Adds <see cref="ModelHost"/>, which starts to load models with the program, set up by the section <c>Inference</c>.</summary>
    /// <param name="services">The program's services.</param>
    /// <param name="configuration">The program's whole configuration.</param>
    public static IServiceCollection AddInference(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<InferenceOptions>().Bind(configuration.GetSection(InferenceOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<InferenceOptions>, InferenceOptionsValidation>();
        services.AddSingleton<ModelHost>();
        services.AddHostedService(provider => provider.GetRequiredService<ModelHost>());
        return services;
    }
}
