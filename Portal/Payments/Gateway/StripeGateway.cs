using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Portal.Accounts.Mail;
using Portal.Payments.Gateway.Objects;

namespace Portal.Payments.Gateway;

/// <summary>
/// Stripe's REST API. Every POST carries an idempotency key, so that it is tried again without fear; what stays unanswered after that is
/// <see cref="GatewayAnswer{T}.Unknown"/>, never a guess. A decline is a value, not an exception.
/// </summary>
public sealed partial class StripeGateway(
    HttpClient http, IOptions<PaymentOptions> options, OwnAddress own, TimeProvider time, ILogger<StripeGateway> logger)
{
    /// <summary>The metadata key that ties an object of the gateway to the payment or refund here.</summary>
    public const string PaymentKey = "payment_id";

    public const string RefundKey = "refund_id";

    private const int TriesMax = 4;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan DelayMax = TimeSpan.FromSeconds(8);

    public Task<GatewayAnswer<GatewayCheckout>> CreateCheckout(CheckoutRequest request, CancellationToken cancel)
    {
        var payment = request.PaymentId.ToString();
        var form = new List<KeyValuePair<string, string>>
        {
            new("mode", "payment"),
            new("success_url", request.SuccessUrl),
            new("cancel_url", request.CancelUrl),
            new("client_reference_id", payment),
            new("locale", request.Locale),
            new("line_items[0][quantity]", "1"),
            new("line_items[0][price_data][currency]", StripeApi.Currency),
            new("line_items[0][price_data][unit_amount]", Text(request.AmountMinor)),
            new("line_items[0][price_data][product_data][name]", request.Product),
            new($"metadata[{PaymentKey}]", payment),
            new($"payment_intent_data[metadata][{PaymentKey}]", payment),
        };

        // The gateway takes either whom it knows or an address; a card is only saved for whom it knows.
        if (request.CustomerId is not null) form.AddRange([new("customer", request.CustomerId), new("payment_intent_data[setup_future_usage]", "off_session")]);
        else if (request.Email is not null) form.Add(new("customer_email", request.Email));
        return Post<GatewayCheckout>("v1/checkout/sessions", form, $"checkout-{payment}", cancel);
    }

    public Task<GatewayAnswer<GatewayCheckout>> FindCheckout(string sessionId, CancellationToken cancel) =>
        Get<GatewayCheckout>($"v1/checkout/sessions/{Uri.EscapeDataString(sessionId)}", cancel);

    public Task<GatewayAnswer<GatewayIntent>> FindIntent(string intentId, CancellationToken cancel) =>
        Get<GatewayIntent>($"v1/payment_intents/{Uri.EscapeDataString(intentId)}?expand[]=latest_charge", cancel);

    /// <param name="refundId">Also the idempotency key: the same refund is never paid out twice, however often it is sent.</param>
    public Task<GatewayAnswer<GatewayRefund>> Refund(Guid refundId, string intentId, long amountMinor, CancellationToken cancel) => Post<GatewayRefund>(
        "v1/refunds",
        [new("payment_intent", intentId), new("amount", Text(amountMinor)), new("reason", "requested_by_customer"), new($"metadata[{RefundKey}]", refundId.ToString())],
        $"refund-{refundId}", cancel);

    /// <summary>Sends evidence to the bank; the same text is taken once, however often it is sent.</summary>
    public Task<GatewayAnswer<GatewayDispute>> AnswerDispute(string disputeId, string evidence, CancellationToken cancel) => Post<GatewayDispute>(
        $"v1/disputes/{Uri.EscapeDataString(disputeId)}", [new("evidence[uncategorized_text]", evidence), new("submit", "true")],
        $"dispute-{disputeId}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(evidence)))[..32]}", cancel);

    public Task<GatewayAnswer<GatewayPage<GatewayRefund>>> ListRefunds(string intentId, CancellationToken cancel) =>
        Get<GatewayPage<GatewayRefund>>($"v1/refunds?limit=100&payment_intent={Uri.EscapeDataString(intentId)}", cancel);

    /// <summary>One object of a list of the gateway's.</summary>
    public Task<GatewayAnswer<T>> Find<T>(string resource, string id, CancellationToken cancel) =>
        Get<T>($"v1/{resource}/{Uri.EscapeDataString(id)}", cancel);

    /// <summary>A page of a list of the gateway's, newest first.</summary>
    /// <param name="resource">E.g. <c>payment_intents</c>, <c>refunds</c>, <c>disputes</c>.</param>
    /// <param name="before">The id of an object: the page holds older ones.</param>
    public Task<GatewayAnswer<GatewayPage<T>>> List<T>(string resource, DateTimeOffset since, string? before, CancellationToken cancel) =>
        Get<GatewayPage<T>>(
            $"v1/{resource}?limit=100&created[gte]={Text(since.ToUnixTimeSeconds())}" + (before is null ? "" : $"&starting_after={Uri.EscapeDataString(before)}"), cancel);

    private Task<GatewayAnswer<T>> Get<T>(string path, CancellationToken cancel) =>
        Send<T>(() => new HttpRequestMessage(HttpMethod.Get, Address(path)), path, cancel);

    private Task<GatewayAnswer<T>> Post<T>(string path, IReadOnlyList<KeyValuePair<string, string>> form, string key, CancellationToken cancel) => Send<T>(
        () =>
        {
            var request = new HttpRequestMessage(HttpMethod.Post, Address(path)) { Content = new FormUrlEncodedContent(form) };
            request.Headers.Add("Idempotency-Key", key);
            return request;
        },
        path, cancel);

    private async Task<GatewayAnswer<T>> Send<T>(Func<HttpRequestMessage> make, string path, CancellationToken cancel)
    {
        var reason = "";
        for (var tries = 1; tries <= TriesMax; tries++)
        {
            TimeSpan? wanted = null;
            try
            {
                using var request = make();
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", options.Value.ApiKey);
                request.Headers.Add("Stripe-Version", StripeApi.Version);
                using var response = await http.SendAsync(request, cancel);
                var body = await response.Content.ReadAsStringAsync(cancel);
                if (Read<T>(response, body) is { } answer) return answer;
                reason = string.Create(CultureInfo.InvariantCulture, $"HTTP {(int)response.StatusCode}");
                wanted = response.Headers.RetryAfter?.Delta;
            }
            catch (Exception error) when (error is HttpRequestException or IOException || (error is OperationCanceledException && !cancel.IsCancellationRequested))
            {
                reason = error.Message;
            }
            if (tries == TriesMax) break;
            Log.TryAgain(logger, path, tries, reason);
            await Task.Delay(Delay(tries, wanted), time, cancel);
        }
        Log.NoAnswer(logger, path, reason);
        return new GatewayAnswer<T>.Unknown(reason);
    }

    /// <returns>Null when the request is worth another try.</returns>
    private GatewayAnswer<T>? Read<T>(HttpResponseMessage response, string body)
    {
        var status = (int)response.StatusCode;
        if (response.Headers.TryGetValues("Stripe-Should-Retry", out var should) && should.First() == "true") return null;
        if (status is 409 or 429 or >= 500) return null;
        var requestId = response.Headers.TryGetValues("Request-Id", out var ids) ? ids.First() : "";
        try
        {
            if (response.IsSuccessStatusCode) return new GatewayAnswer<T>.Done(JsonSerializer.Deserialize<T>(body, StripeApi.Json)!);
            var error = JsonSerializer.Deserialize<ErrorBody>(body, StripeApi.Json)?.Error;
            if (response.StatusCode == HttpStatusCode.PaymentRequired)
                return new GatewayAnswer<T>.Declined(error?.Code ?? "card_declined", error?.DeclineCode, error?.Message ?? "", error?.PaymentIntent?.Id);
            Log.Refused(logger, status, error?.Code ?? "", error?.Message ?? "", requestId);

            // It is the portal's key that is not accepted: this says nothing of the card, the refund or the page, and another key may get the answer.
            if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden) return new GatewayAnswer<T>.Unknown("the key is not accepted");
            return new GatewayAnswer<T>.Refused(status, error?.Code ?? "", error?.Message ?? "", requestId);
        }
        catch (JsonException error)
        {
            Log.Unreadable(logger, status, requestId, error.Message);
            return new GatewayAnswer<T>.Unknown("unreadable answer");
        }
    }

    private Uri Address(string path)
    {
        var root = options.Value.UsesSandbox ? new Uri(own.Get(), Sandbox.SandboxPaths.Api + "/") : new Uri(options.Value.BaseUrl.TrimEnd('/') + "/");
        return new Uri(root, path);
    }

    private static TimeSpan Delay(int tries, TimeSpan? wanted)
    {
        var delay = wanted ?? FirstDelay * Math.Pow(2, tries - 1);
        return delay < DelayMax ? delay : DelayMax;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed record ErrorBody(ErrorDetails? Error = null);

    private sealed record ErrorDetails(string? Code = null, string? DeclineCode = null, string? Message = null, GatewayIdentity? PaymentIntent = null);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "The gateway did not answer {Path} (try {Try}: {Reason}); trying again")]
        public static partial void TryAgain(ILogger logger, string path, int @try, string reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The gateway did not answer {Path}: {Reason}")]
        public static partial void NoAnswer(ILogger logger, string path, string reason);

        [LoggerMessage(Level = LogLevel.Error, Message = "The gateway refused a request: {Status} {Code} {Reason} ({RequestId})")]
        public static partial void Refused(ILogger logger, int status, string code, string reason, string requestId);

        [LoggerMessage(Level = LogLevel.Error, Message = "The gateway's answer {Status} cannot be read ({RequestId}): {Reason}")]
        public static partial void Unreadable(ILogger logger, int status, string requestId, string reason);
    }
}
