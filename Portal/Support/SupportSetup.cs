using Portal.Support.Audit;

namespace Portal.Support;

public static class SupportSetup
{
    public static void AddSupport(this WebApplicationBuilder builder)
    {
        builder.Services.AddScoped<CustomerSearch>();
        builder.Services.AddSingleton<CustomerFile>();
        builder.Services.AddSingleton<PersonLocks>();
        builder.Services.AddSingleton<Goodwill>();
        builder.Services.AddSingleton<AccountTerms>();
        builder.Services.AddSingleton<TicketDesk>();
        builder.Services.AddSingleton<AuditSealer>();
    }
}
