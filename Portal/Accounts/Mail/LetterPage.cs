using System.Globalization;
using System.Net;

namespace Portal.Accounts.Mail;

/// <summary>The look of every letter: plain enough for any mail program, nothing fetched from anywhere.</summary>
public static class LetterPage
{
    /// <param name="closing">Small print under the button.</param>
    public static string Write(string title, string greeting, string text, string button, Uri link, string closing, CultureInfo culture)
    {
        var address = WebUtility.HtmlEncode(link.AbsoluteUri);
        return $"""
            <!DOCTYPE html>
            <html lang="{culture.Name}">
            <head><meta charset="utf-8"><title>{WebUtility.HtmlEncode(title)}</title></head>
            <body style="margin:0;padding:24px;background:#f6f7fb;color:#171a26;font:16px/1.6 system-ui,-apple-system,'Segoe UI','PingFang SC','Microsoft YaHei',sans-serif">
            <div style="max-width:560px;margin:0 auto;padding:32px;background:#ffffff;border:1px solid #e2e5ee;border-radius:14px">
            <h1 style="margin:0 0 16px;font-size:22px">{WebUtility.HtmlEncode(title)}</h1>
            <p>{WebUtility.HtmlEncode(greeting)}</p>
            <p>{WebUtility.HtmlEncode(text)}</p>
            <p style="margin:28px 0"><a href="{address}" style="padding:12px 22px;background:#3d4edb;color:#ffffff;border-radius:10px;text-decoration:none;font-weight:600">{WebUtility.HtmlEncode(button)}</a></p>
            <p style="font-size:13px;color:#5f667c;overflow-wrap:anywhere">{address}</p>
            <p style="font-size:13px;color:#5f667c">{WebUtility.HtmlEncode(closing)}</p>
            </div>
            </body>
            </html>

            """;
    }
}
