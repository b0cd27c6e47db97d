using System.Text.Json.Nodes;

namespace Portal.Payments.Sandbox.Wire;

/// <summary>One API call on its way to the resource that answers it.</summary>
/// <param name="Id">The object that the path names; empty for creations and lists.</param>
/// <param name="Origin">Scheme and host under which the call arrived, without a trailing slash.</param>
public sealed record SandboxCall(SandboxWork Work, StripeForm Form, string Id, string Origin, CancellationToken Ct)
{
    private const int PageMax = 100;
    private const int PageDefault = 10;

    /// <summary>The object that a parameter names: null when the parameter is absent, an error when there is no such object.</summary>
    public async Task<(JsonObject? Found, StripeError? Error)> Referenced(string type, string param)
    {
        if (Form.Text(param) is not { } id) return (null, null);
        return await Work.Find(type, id, Ct) is { } found ? (found, null) : (null, StripeError.NoSuch(type, id, param));
    }

    public async Task<SandboxAnswer> Get(string type)
    {
        var found = await Work.Find(type, Id, Ct);
        if (found is null) return NotFound(type);
        return Form.Complete() is { } error ? error : found;
    }

    public StripeError NotFound(string type) => StripeError.NoSuch(type, Id, type == "checkout.session" ? "session" : type == "payment_intent" ? "intent" : "id");

    /// <summary>A page of a list; each of <paramref name="filters"/> is both a parameter and a field.</summary>
    public Task<SandboxAnswer> List(string type, string url, params string[] filters) =>
        ListWhere(type, url, filters.Select(f => (f, Form.Text(f) ?? "")).Where(f => f.Item2.Length > 0).ToList());

    /// <summary>A page of a list with what its path or parameters ask for.</summary>
    public async Task<SandboxAnswer> ListWhere(string type, string url, IReadOnlyList<(string Field, string Value)> wanted)
    {
        var limit = Form.Whole("limit", 1, PageMax) ?? PageDefault;
        var (after, before) = (Form.Text("starting_after"), Form.Text("ending_before"));
        var from = Form.Whole("created[gte]") ?? Form.Whole("created[gt]") + 1;
        var to = Form.Whole("created[lte]") ?? Form.Whole("created[lt]") - 1;
        if (Form.Complete() is { } error) return error;
        if (after is not null && before is not null)
            return StripeError.Invalid("You must only provide one of 'starting_after' and 'ending_before'.", "starting_after");
        foreach (var (param, cursor) in new[] { ("starting_after", after), ("ending_before", before) })
        {
            if (cursor is not null && await Work.Find(type, cursor, Ct) is null) return StripeError.NoSuch(type, cursor, param);
        }

        var (data, hasMore) = await Work.List(new SandboxQuery(type, wanted, (int)limit, after, before, from, to), Ct);
        return new JsonObject
        {
            ["object"] = "list",
            ["data"] = new JsonArray([.. data.Select(o => o.DeepClone())]),
            ["has_more"] = hasMore,
            ["url"] = url,
        };
    }
}
