using System.Text;
using Microsoft.Extensions.Options;
using Portal.Payments.Gateway;

namespace Portal.Payments;

/// <summary>
/// Where the gateway tells what happened. The signature over the raw body is checked, the event is stored under its unique id, and only then is
/// it acted on; a copy of a stored event changes nothing.
/// </summary>
internal static class WebhookEndpoint
{
    public const string Path = "/payments/webhook";
    private const int BodyMax = 512 * 1024;

    public static void Map(IEndpointRouteBuilder app) => app.MapPost(Path, Receive).ExcludeFromDescription();

    private static async Task<IResult> Receive(
        HttpContext http, WebhookInbox inbox, WebhookProcessor processor, IOptions<PaymentOptions> options, TimeProvider time)
    {
        var body = await Read(http.Request, http.RequestAborted);
        if (body is null) return Say(413, "The body is too large.");
        var signature = http.Request.Headers[StripeSignature.Header].FirstOrDefault();
        if (!StripeSignature.IsValid(options.Value.WebhookSecret, body, signature, time.GetUtcNow())) return Say(400, "The signature is missing, wrong or too old.");
        var text = Encoding.UTF8.GetString(body);
        if (GatewayEvent.Read(text) is not { } told) return Say(400, "The body is no event.");

        // Once stored it is the portal's to finish, whether or not the gateway waits for the answer.
        await inbox.Store(told, text, CancellationToken.None);
        await processor.Process(told.Id, CancellationToken.None);
        return Say(200, "Stored.");
    }

    private static IResult Say(int status, string words) => Results.Text(words, statusCode: status);

    private static async Task<byte[]?> Read(HttpRequest request, CancellationToken cancel)
    {
        if (request.ContentLength > BodyMax) return null;
        using var buffer = new MemoryStream();
        var chunk = new byte[8192];
        int read;
        while ((read = await request.Body.ReadAsync(chunk, cancel)) > 0)
        {
            if (buffer.Length + read > BodyMax) return null;
            buffer.Write(chunk, 0, read);
        }
        return buffer.ToArray();
    }
}
