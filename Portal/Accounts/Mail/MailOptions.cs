namespace Portal.Accounts.Mail;

/// <summary>Section <c>Mail</c> of the configuration.</summary>
public sealed class MailOptions
{
    public const string Section = "Mail";

    /// <summary><c>Pickup</c> writes a file for each letter into <c>mail</c> of the data directory, <c>Smtp</c> sends.</summary>
    public MailDelivery Delivery { get; set; }

    public string From { get; set; } = "Portal <portal@localhost>";

    public string? Host { get; set; }

    public int Port { get; set; } = 587;

    /// <summary>STARTTLS; off only for a relay on the same machine.</summary>
    public bool UseTls { get; set; } = true;

    public string? UserName { get; set; }

    public string? Password { get; set; }

    /// <summary>Where links in letters lead, such as <c>https://portal.example.org</c>: never taken from a request, whose host name anyone can make up.</summary>
    public string? PublicUrl { get; set; }
}
