namespace Portal.Prompts.Api.Json;

/// <summary>The pictures of <c>/v1/images/generations</c>.</summary>
/// <param name="Created">Unix seconds.</param>
public sealed record ImagesJson(long Created, IReadOnlyList<ImagesJson.Image> Data)
{
    /// <param name="B64Json">A PNG file as Base64.</param>
    public sealed record Image(string B64Json);

    public static ImagesJson Of(long created, IEnumerable<byte[]> pngs) => new(created, [.. pngs.Select(png => new Image(Convert.ToBase64String(png)))]);
}
