using System.Globalization;

namespace Portal.Inference.Images;

/// <summary>The words that a PNG file carries beside its pixels, under the PNG specification's own keywords: how to get the picture again.</summary>
internal static class PictureText
{
    public static IReadOnlyList<(string Keyword, string Text)> Of(string model, Drawing drawing)
    {
        var request = drawing.Request;
        var guidance = request.Guidance == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", guidance {request.Guidance}, without: {request.NegativePrompt}");
        return
        [
            ("Software", "Portal"),
            ("Source", model),
            ("Description", request.Prompt),
            ("Comment", string.Create(CultureInfo.InvariantCulture, $"{request.Width}x{request.Height}, {request.Steps} steps, seed {drawing.Seed}{guidance}")),
        ];
    }
}
