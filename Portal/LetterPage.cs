using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Portal;

/// <summary>The look of every letter: plain enough for any mail program, nothing fetched from anywhere. It encodes every word.</summary>
public static class LetterPage
{
    private static readonly HtmlEncoder Html = HtmlEncoder.Create(UnicodeRanges.All);

    public static string Write(string greeting, LetterWords words, CultureInfo culture)
    {
        var title = Html.Encode(words.Subject);
        string[] parts =
        [
            $"<h1 style=\"margin:0 0 16px;font-size:22px\">{title}</h1>",
            .. words.Text.Prepend(greeting).Select(paragraph => $"<p>{Html.Encode(paragraph)}</p>"),
            .. words.Button is { } button ? Button(button.Name, Html.Encode(button.Link.AbsoluteUri)) : [],
            .. words.Closing is { } closing ? [$"<p style=\"font-size:13px;color:#5f667c\">{Html.Encode(closing)}</p>"] : (string[])[],
        ];
        return $"""
            <!DOCTYPE html>
            <html lang="{culture.Name}">
            <head><meta charset="utf-8"><title>{title}</title></head>
            <body style="margin:0;padding:24px;background:#f6f7fb;color:#171a26;font:16px/1.6 system-ui,-apple-system,'Segoe UI','PingFang SC','Microsoft YaHei',sans-serif">
            <div style="max-width:560px;margin:0 auto;padding:32px;background:#ffffff;border:1px solid #e2e5ee;border-radius:14px">
            {string.Join('\n', parts)}
            </div>
            </body>
            </html>

            """;
    }

    private static string[] Button(string name, string link) =>
    [
        $"<p style=\"margin:28px 0\"><a href=\"{link}\" style=\"padding:12px 22px;background:#3d4edb;color:#ffffff;border-radius:10px;text-decoration:none;font-weight:600\">{Html.Encode(name)}</a></p>",
        $"<p style=\"font-size:13px;color:#5f667c;overflow-wrap:anywhere\">{link}</p>",
    ];
}
