using Portal.Payments.Sandbox.Wire;

namespace Portal.Payments.Sandbox.Resources;

public static class Customers
{
    public const string Type = "customer";

    private static readonly string[] Texts = ["email", "name", "description", "phone"];

    public static Task<SandboxAnswer> Create(SandboxCall call)
    {
        var (form, work) = (call.Form, call.Work);
        var customer = Shapes.Customer(work, form.Text("email"), form.Text("name"), form.Text("description"), form.Text("phone"), form.Metadata("metadata"));
        if (form.Complete() is { } error) return Task.FromResult<SandboxAnswer>(error);
        work.Add(customer);
        work.Emit("customer.created", customer);
        return Task.FromResult<SandboxAnswer>(customer);
    }

    public static async Task<SandboxAnswer> Update(SandboxCall call)
    {
        var (form, work) = (call.Form, call.Work);
        if (await work.Find(Type, call.Id, call.Ct) is not { } customer) return call.NotFound(Type);
        var (method, missing) = await call.Referenced(PaymentMethods.Type, "invoice_settings[default_payment_method]");
        var texts = Texts.Select(f => (Field: f, Value: form.Text(f))).ToList();
        var metadata = form.Metadata("metadata", customer["metadata"]!.AsObject());
        if ((form.Complete() ?? missing) is { } error) return error;
        if (method is not null && Json.TextOrNull(method, "customer") != call.Id)
            return StripeError.Invalid("The customer does not have a payment method with this ID. Attach it first.", "invoice_settings[default_payment_method]", "resource_missing");

        foreach (var (field, value) in texts.Where(t => t.Value is not null)) customer[field] = value;
        customer["metadata"] = metadata;
        if (method is not null) customer["invoice_settings"]!["default_payment_method"] = Json.Text(method, "id");
        work.Emit("customer.updated", customer);
        return customer;
    }
}
