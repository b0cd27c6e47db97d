using System.Net.Mail;
using Microsoft.Extensions.Options;

namespace Portal.Accounts.Mail;

/// <summary>Says everything that is wrong with the section at once, each by its key.</summary>
public sealed class MailOptionsCheck(IHostEnvironment environment) : IValidateOptions<MailOptions>
{
    public ValidateOptionsResult Validate(string? name, MailOptions options)
    {
        var wrong = new List<string>();
        if (!MailAddress.TryCreate(options.From, out _)) wrong.Add($"Mail:From is '{options.From}'; it must be an address such as 'Portal <portal@example.org>'.");
        if (options.Delivery == MailDelivery.Smtp && string.IsNullOrWhiteSpace(options.Host)) wrong.Add("Mail:Host is missing; Mail:Delivery=Smtp needs the server's name.");
        if (options.Port is < 1 or > 65535) wrong.Add($"Mail:Port is {options.Port}; it must be between 1 and 65535.");
        if (options.UserName is null != options.Password is null) wrong.Add("Mail:UserName and Mail:Password belong together; one of them is missing.");
        if (options.PublicUrl is { } url && !(Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
            wrong.Add($"Mail:PublicUrl is '{url}'; it must be an address such as 'https://portal.example.org'.");
        if (options.PublicUrl is null && environment.IsProduction())
            wrong.Add("Mail:PublicUrl is missing; in Production letters need to know the portal's address.");
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }
}
