using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace Portal.Accounts.Mail;

/// <summary>Addresses of pages for letters.</summary>
public sealed class LetterLinks(IOptions<MailOptions> options, OwnAddress own)
{
    /// <summary>For letters that nobody's request brought about.</summary>
    public Uri To(string page) => To(page, options.Value.PublicUrl ?? own.Get().AbsoluteUri);

    /// <param name="requestBase">The address the request came to; used only where <c>Mail:PublicUrl</c> is not set, as in Development.</param>
    /// <param name="token">Encoded so that it survives every mail program.</param>
    public Uri To(string page, string requestBase, string? subject = null, string? token = null)
    {
        var root = new Uri((options.Value.PublicUrl ?? requestBase).TrimEnd('/') + "/");
        var link = new Uri(root, page).AbsoluteUri;
        if (subject is not null) link = QueryHelpers.AddQueryString(link, "who", subject);
        if (token is not null) link = QueryHelpers.AddQueryString(link, "token", WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(token)));
        return new Uri(link);
    }

    /// <returns>The token of a link, null when somebody changed it.</returns>
    public static string? Token(string? encoded)
    {
        try
        {
            return encoded is null ? null : Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(encoded));
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
