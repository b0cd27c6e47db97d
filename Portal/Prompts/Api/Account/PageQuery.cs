using System.Globalization;

namespace Portal.Prompts.Api.Account;

/// <summary>Which part of a list is asked for: <c>page</c> from 1, <c>limit</c> entries each.</summary>
public readonly record struct PageQuery(int Page, int Limit)
{
    public const int LimitMax = 100;

    private const int LimitDefault = 30;
    private const int PageMax = 1_000_000;

    public static Outcome<PageQuery> Of(HttpContext http)
    {
        var (page, limit) = (Whole(http, "page", 1, PageMax), Whole(http, "limit", LimitDefault, LimitMax));
        return page is null ? new Refusal("api.unsupported", "page") : limit is null ? new Refusal("api.unsupported", "limit") : new PageQuery(page.Value, limit.Value);
    }

    /// <summary>The list's envelope.</summary>
    public PageJson<T> Of<T>(IReadOnlyCollection<T> all) => new("list", [.. all.Skip((Page - 1) * Limit).Take(Limit)], Page, Limit, all.Count, (long)Page * Limit < all.Count);

    private static int? Whole(HttpContext http, string name, int otherwise, int most) => http.Request.Query[name].ToString() switch
    {
        "" => otherwise,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most => number,
        _ => null,
    };
}
