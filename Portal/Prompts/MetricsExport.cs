using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using Portal.Inference.Hosting;

namespace Portal.Prompts;

/// <summary>Sends the figures of models, web requests and the runtime to the operator's collector, where <c>Telemetry:OtlpEndpoint</c> names one.</summary>
public sealed class MetricsExport(IConfiguration configuration) : IHostedService, IDisposable
{
    public const string Key = "Telemetry:OtlpEndpoint";

    private MeterProvider? provider;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (configuration[Key] is { Length: > 0 } endpoint)
        {
            provider = Sdk.CreateMeterProviderBuilder()
                .AddMeter(ModelMeter.Name, "Microsoft.AspNetCore.Hosting", "System.Runtime")
                .AddOtlpExporter(otlp => (otlp.Endpoint, otlp.Protocol) = (new Uri(endpoint), OtlpExportProtocol.HttpProtobuf))
                .Build();
        }

        return Task.CompletedTask;
    }

    /// <summary>What was counted since the last time goes out with it.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        provider?.ForceFlush();
        return Task.CompletedTask;
    }

    public void Dispose() => provider?.Dispose();
}
