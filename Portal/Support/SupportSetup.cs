using Portal.Support.Audit;
using Portal.Support.Charges;
using Portal.Support.Mail;
using Portal.Support.Permissions;
using Portal.Support.Search;
using Portal.Support.Tickets;
using Portal.Support.Timeline;
using Portal.Support.Visits;

namespace Portal.Support;

public static class SupportSetup
{
    public static void AddSupport(this WebApplicationBuilder builder)
    {
        builder.Services.AddScoped<CustomerSearch>();
        builder.Services.AddScoped<DeskSearch>();
        builder.Services.AddSingleton<CustomerFile>();
        builder.Services.AddSingleton<CustomerOpenings>();
        builder.Services.AddScoped<LetterDesk>();
        builder.Services.AddSingleton<CustomerTimeline>();
        builder.Services.AddSingleton<CustomerVisits>();
        builder.Services.AddSingleton<PersonLocks>();
        builder.Services.AddOptions<AdjustmentOptions>().Bind(builder.Configuration.GetSection(AdjustmentOptions.Section))
            .Validate(limits => limits.Fits, "Adjustments:SupportOnce, SupportMonth, AdministratorOnce and AdministratorMonth must be from 0 on with at most two decimals, and once no more than a month.")
            .ValidateOnStart();
        builder.Services.AddSingleton<CreditAdjustments>();
        builder.Services.AddSingleton<ChargeReturns>();
        builder.Services.AddSingleton<AccountTerms>();
        builder.Services.AddSingleton<TicketDesk>();
        builder.Services.AddSingleton<TicketSubjects>();
        builder.Services.AddSingleton<CannedAnswers>();
        builder.Services.AddSingleton<AuditSealer>();
        builder.Services.AddSingleton<AuditLog>();
        builder.Services.AddSingleton<AuditExport>();
        builder.Services.AddSingleton<PermissionReporter>();
        builder.Services.AddSingleton<PermissionReports>();
    }
}
