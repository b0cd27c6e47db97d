namespace Portal.Prompts.Api.Rates;

/// <summary>How often something may be asked for: a bucket that holds <paramref name="Burst"/> and fills by one every <paramref name="Interval"/>.</summary>
/// <param name="Name">As the RateLimit headers name it.</param>
/// <param name="CoolDown">How long everything is refused once the bucket was found empty; zero: until it holds enough again.</param>
public sealed record RateRule(string Name, TimeSpan Interval, int Burst, TimeSpan CoolDown)
{
    /// <summary>Requests of one API key: 20 a second, 100 at once, then a minute's rest.</summary>
    public static readonly RateRule Requests = new("requests", TimeSpan.FromMilliseconds(50), 100, TimeSpan.FromMinutes(1));

    /// <summary>Prompts that a signed-in person sends: as many as a key may.</summary>
    public static readonly RateRule Prompts = Requests with { Name = "prompts" };

    /// <summary>Pictures that keys without a plan may ask for from one address: five a minute.</summary>
    public static readonly RateRule PicturesWithoutPlan = new("images", TimeSpan.FromSeconds(12), 5, TimeSpan.Zero);

    /// <summary>Requests of a key that was flagged: one every five seconds.</summary>
    public static readonly RateRule Flagged = new("flagged", TimeSpan.FromSeconds(5), 5, TimeSpan.Zero);

    /// <summary>Requests of an address that was flagged, which many people may share: ten a second.</summary>
    public static readonly RateRule FlaggedAddress = new("flagged-address", TimeSpan.FromMilliseconds(100), 20, TimeSpan.Zero);

    /// <summary>From empty to full.</summary>
    public TimeSpan Window => Interval * Burst;
}
