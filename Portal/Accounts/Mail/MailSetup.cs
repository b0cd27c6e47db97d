using Microsoft.Extensions.Options;

namespace Portal.Accounts.Mail;

public static class MailSetup
{
    public static void AddMail(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IValidateOptions<MailOptions>, MailOptionsCheck>();
        builder.Services.AddOptions<MailOptions>().BindConfiguration(MailOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<MailPickup>();
        builder.Services.AddSingleton<SmtpTransport>();
        builder.Services.AddSingleton<IMailTransport>(services => services.GetRequiredService<IOptions<MailOptions>>().Value.Delivery == MailDelivery.Smtp
            ? services.GetRequiredService<SmtpTransport>()
            : services.GetRequiredService<MailPickup>());
        builder.Services.AddSingleton<OutboxSender>();
        builder.Services.AddSingleton<AccountLetters>();
    }
}
