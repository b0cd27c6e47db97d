using System.Text.Json.Nodes;

namespace Portal.Payments.Sandbox.Wire;

/// <summary>Replaces ids by the objects that they name, where <c>expand[]</c> asks for it: <c>latest_charge.balance_transaction</c>, <c>data.charge</c>.</summary>
public static class Expansion
{
    private const int DepthMax = 4;

    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        ["pi"] = "payment_intent", ["ch"] = "charge", ["txn"] = "balance_transaction", ["re"] = "refund", ["cus"] = "customer",
        ["pm"] = "payment_method", ["seti"] = "setup_intent", ["dp"] = "dispute", ["cs"] = "checkout.session",
    };

    public static async Task<SandboxAnswer> Apply(SandboxWork work, JsonObject body, IReadOnlyList<string> paths, CancellationToken cancel)
    {
        var result = body.DeepClone().AsObject();
        foreach (var path in paths)
        {
            var names = path.Split('.');
            if (names.Length > DepthMax) return StripeError.Invalid("You cannot expand more than 4 levels of a property.", "expand");
            if (!await Expand(work, result, names, cancel)) return StripeError.Invalid($"This property cannot be expanded ({path}).", "expand");
        }
        return result;
    }

    private static async Task<bool> Expand(SandboxWork work, JsonObject target, ReadOnlyMemory<string> names, CancellationToken cancel)
    {
        if (names.Length == 0) return true;
        var name = names.Span[0];
        if (name == "data" && target["data"] is JsonArray members)
        {
            foreach (var member in members)
            {
                if (!await Expand(work, member!.AsObject(), names[1..], cancel)) return false;
            }
            return true;
        }
        if (!target.TryGetPropertyValue(name, out var value)) return false;
        if (value is null) return true;
        if (value is JsonObject known) return await Expand(work, known, names[1..], cancel);
        if (value is not JsonValue text || !text.TryGetValue<string>(out var id) || !Types.TryGetValue(id.Split('_')[0], out var type)) return false;
        if (await work.Find(type, id, cancel) is not { } found) return false;
        var copy = found.DeepClone().AsObject();
        target[name] = copy;
        return await Expand(work, copy, names[1..], cancel);
    }
}
