using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Components.Shared.Amounts;
using Portal.Data.Support;
using Portal.Support.Tickets;

namespace Portal.Components.Pages.Support;

/// <summary>What a letter is about, as a line of a list.</summary>
public sealed class SubjectWords(IStringLocalizer<SupportText> text, IStringLocalizer<SharedText> shared)
{
    /// <param name="zone">Whose days are written; null: UTC.</param>
    public string Of(TicketSubject subject, TimeZoneInfo? zone)
    {
        var day = TimeZoneInfo.ConvertTime(subject.At, zone ?? TimeZoneInfo.Utc).ToString(shared["TimeDate"], CultureInfo.CurrentCulture);
        return text[$"Subject{subject.Kind}", day, subject.Amount.Write(), subject.Name];
    }

    /// <summary>Where the writer sees it, and where the desk does.</summary>
    public static string Href(TicketSubject subject, Guid accountId, bool atDesk) => (subject.Kind, atDesk) switch
    {
        (TicketAbout.Charge, true) => $"/desk/requests/{subject.Id}",
        (_, true) => $"/desk/{accountId}",
        (TicketAbout.Charge, _) => "/usage",
        (TicketAbout.Invoice, _) => $"/invoices/{subject.Id}",
        _ => "/billing",
    };
}
