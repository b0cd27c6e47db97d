using System.Text.Json.Nodes;
using Portal.Payments.Sandbox.Wire;

namespace Portal.Payments.Sandbox.Resources;

public static class PaymentMethods
{
    public const string Type = "payment_method";

    public static Task<SandboxAnswer> Create(SandboxCall call)
    {
        var form = call.Form;
        form.OneOf("type", "card");
        var input = new CardInput(form.Required("card[number]"), form.Required("card[exp_month]"), form.Required("card[exp_year]"), form.Required("card[cvc]"));
        var (name, email) = (form.Text("billing_details[name]"), form.Text("billing_details[email]"));
        if (form.Complete() is { } error) return Task.FromResult<SandboxAnswer>(error);
        var (card, wrong) = input.Check(call.Work.Now);
        if (card is null) return Task.FromResult<SandboxAnswer>(wrong!);
        return Task.FromResult<SandboxAnswer>(Add(call.Work, card, input, name, email));
    }

    public static JsonObject Add(SandboxWork work, TestCard card, CardInput input, string? name, string? email) =>
        work.Add(Shapes.PaymentMethod(work, card, int.Parse(input.ExpiryMonth, null), input.FullYear()!.Value, name, email));

    /// <summary>A saved method, or one of the ready-made test methods (<c>pm_card_visa</c>), which becomes a new object each time.</summary>
    public static async Task<JsonObject?> Find(SandboxWork work, string id, CancellationToken cancel)
    {
        if (await work.Find(Type, id, cancel) is { } saved) return saved;
        return TestCards.FindToken(id) is { } card
            ? work.Add(Shapes.PaymentMethod(work, card, work.Now.Month, work.Now.Year + 2, null, null))
            : null;
    }

    /// <summary>Saving asks the bank: a card that declines everything is declined here already.</summary>
    public static async Task<SandboxAnswer> Attach(SandboxCall call)
    {
        var (form, work) = (call.Form, call.Work);
        var customer = form.Required("customer");
        if (form.Complete() is { } error) return error;
        if (await Find(work, call.Id, call.Ct) is not { } method) return StripeError.NoSuch("PaymentMethod", call.Id, "payment_method");
        if (await work.Find(Customers.Type, customer, call.Ct) is null) return StripeError.NoSuch("customer", customer, "customer");
        if (Json.TextOrNull(method, "customer") is { } owner && owner != customer)
            return StripeError.Invalid("The payment method you provided has already been attached to a customer.", "payment_method");
        var card = TestCards.Of(method);
        if (card.Outcome == TestCardOutcome.Declined) return TestCards.Decline(card);

        method["customer"] = customer;
        work.Emit("payment_method.attached", method);
        return method;
    }

    public static async Task<SandboxAnswer> Detach(SandboxCall call)
    {
        if (await call.Work.Find(Type, call.Id, call.Ct) is not { } method) return StripeError.NoSuch("PaymentMethod", call.Id, "payment_method");
        if (call.Form.Complete() is { } error) return error;
        if (method["customer"] is null)
            return StripeError.Invalid("The payment method you provided is not attached to a customer so detachment is impossible.", "payment_method");
        method["customer"] = null;
        call.Work.Emit("payment_method.detached", method);
        return method;
    }

    public static Task<SandboxAnswer> List(SandboxCall call)
    {
        call.Form.OneOf("type", "card");
        return call.List(Type, "/v1/payment_methods", "customer");
    }

    /// <summary>The methods of the customer that the path names.</summary>
    public static async Task<SandboxAnswer> ListOfCustomer(SandboxCall call)
    {
        call.Form.OneOf("type", "card");
        if (await call.Work.Find(Customers.Type, call.Id, call.Ct) is null) return call.NotFound(Customers.Type);
        return await call.ListWhere(Type, $"/v1/customers/{call.Id}/payment_methods", [("customer", call.Id)]);
    }
}
