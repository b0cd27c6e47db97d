using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Data.Accounts;

namespace Portal.Accounts.Mail;

/// <summary>The letters about signing in, each in its person's language.</summary>
public sealed class AccountLetters(IMailTransport transport, IStringLocalizer<LettersText> text)
{
    public Task Confirm(Person person, Uri link, CancellationToken cancel = default) => Send(person, "Confirm", link, cancel);

    /// <summary>Somebody registered with an address that was invited and has no password yet.</summary>
    public Task ChoosePassword(Person person, Uri link, CancellationToken cancel = default) => Send(person, "Choose", link, cancel);

    public Task ResetPassword(Person person, Uri link, CancellationToken cancel = default) => Send(person, "Reset", link, cancel);

    /// <summary>Somebody registered with an address that has an account: only its owner learns that.</summary>
    public Task AlreadyRegistered(Person person, Uri link, CancellationToken cancel = default) => Send(person, "Already", link, cancel);

    private Task Send(Person person, string kind, Uri link, CancellationToken cancel)
    {
        var (before, culture) = (CultureInfo.CurrentUICulture, CultureInfo.GetCultureInfo(person.Culture));
        try
        {
            CultureInfo.CurrentUICulture = culture;
            var greeting = person.DisplayName.Length == 0 ? text["GreetingNobody"] : text["Greeting", person.DisplayName];
            var html = LetterPage.Write(text[$"{kind}Subject"], greeting, text[$"{kind}Text"], text[$"{kind}Button"], link, text[$"{kind}Ignore"], culture);
            return transport.Send(new Letter(person.Email!, text[$"{kind}Subject"], html), cancel);
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }
}
