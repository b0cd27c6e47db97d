using Microsoft.Extensions.Options;
using Portal.Payments.AutoTopUps;
using Portal.Payments.Cards;
using Portal.Payments.Comparison;
using Portal.Payments.Declines;
using Portal.Payments.Disputes;
using Portal.Payments.Gateway;
using Portal.Payments.Mail;
using Portal.Payments.Refunds;
using Portal.Payments.Sandbox;
using Portal.Payments.Sandbox.Delivery;
using Portal.Payments.Sandbox.Hosted;

namespace Portal.Payments;

public static class PaymentsSetup
{
    private static readonly TimeSpan GatewayTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan WebhookTimeout = TimeSpan.FromSeconds(20);

    public static void AddPayments(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<PaymentOptions>().Bind(builder.Configuration.GetSection(PaymentOptions.Section)).ValidateOnStart();
        services.AddSingleton<IPostConfigureOptions<PaymentOptions>, PaymentOptionsCheck>();
        services.AddSingleton<IValidateOptions<PaymentOptions>, PaymentOptionsCheck>();
        services.AddHttpClient<StripeGateway>(client => client.Timeout = GatewayTimeout).RemoveAllLoggers();
        services.AddSingleton<WebhookInbox>();
        services.AddSingleton<WebhookProcessor>();
        services.AddSingleton<PaymentHistory>();
        services.AddTransient<TopUps>();
        services.AddTransient<OffSessionCharges>();
        services.AddTransient<RenewalCharges>();
        services.AddTransient<GatewayCustomers>();
        services.AddTransient<CardDesk>();
        services.AddSingleton<DeclineWords>();
        services.AddOptions<RefundOptions>().Bind(builder.Configuration.GetSection(RefundOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<RefundOptions>, RefundOptionsCheck>();
        services.AddTransient<AutoTopUpDesk>();
        services.AddTransient<AutoTopUpRun>();
        services.AddSingleton<PaymentLetters>();
        services.AddSingleton<CardLetters>();
        services.AddTransient<RefundDesk>();
        services.AddTransient<RefundApprovals>();
        services.AddTransient<DisputeDesk>();
        services.AddSingleton<DisputeAlerts>();
        services.AddTransient<Reconciler>();
        services.AddTransient<GatewayComparer>();
        services.AddSingleton<ForeignEvents>();

        services.AddSingleton<SandboxFaults>();
        services.AddSingleton<SandboxServer>();
        services.AddSingleton<HostedPayment>();
        services.AddSingleton<HostedWords>();
        services.AddHttpClient(WebhookSender.ClientName, client => client.Timeout = WebhookTimeout).RemoveAllLoggers();
        services.AddSingleton<WebhookSender>();
        if (string.IsNullOrWhiteSpace(builder.Configuration[$"{PaymentOptions.Section}:{nameof(PaymentOptions.BaseUrl)}"]))
            services.AddHostedService(provider => provider.GetRequiredService<WebhookSender>());
    }

    public static void MapPayments(this WebApplication app)
    {
        WebhookEndpoint.Map(app);
        if (app.Services.GetRequiredService<IOptions<PaymentOptions>>().Value.UsesSandbox)
            SandboxEndpoints.Map(app, faultsOnDemand: app.Environment.IsDevelopment());
    }
}
