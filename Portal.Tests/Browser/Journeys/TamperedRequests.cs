using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Portal.Data.Payments;
using Portal.Tests.Fixtures;
using Portal.Tests.Prompts;

namespace Portal.Tests.Browser.Journeys;

/// <summary>What a person sends who does not use the pages as they are: refused or ignored, and nothing has moved.</summary>
public sealed class TamperedRequests(PortalApp portal) : BrowserTest(portal), IClassFixture<PortalApp>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Switching_to_the_account_of_somebody_else_changes_nothing()
    {
        var rich = await Customer.Arrive(App, yuan: 500);
        var thief = await App.AddPersonAsync("thief@journey.example");
        var visitor = await ArriveAsync();
        await visitor.SignInAsync(thief.Email, People.Password);
        var token = await visitor.Page.Locator("input[name=__RequestVerificationToken]").First.InputValueAsync();
        var form = visitor.Page.Context.APIRequest.CreateFormData();
        form.Set("__RequestVerificationToken", token);
        form.Set("accountId", $"{rich.AccountId}");

        var answer = await visitor.Page.Context.APIRequest.PostAsync("/account/switch", new() { Form = form, MaxRedirects = 0 });

        Assert.Equal((int)HttpStatusCode.Found, answer.Status);
        await visitor.GoToAsync("/billing");
        await Assertions.Expect(visitor.Content.Locator(".balance .figure-large")).ToHaveTextAsync("¥0.00");
        await Books.AssertClean(App.Database.Factory);
    }

    [Fact]
    public async Task A_checkout_form_with_an_amount_of_its_own_pays_what_was_asked_for()
    {
        var person = await App.AddPersonAsync("amounts@journey.example");
        var visitor = await ArriveAsAsync(person.Email);
        await visitor.GoToAsync("/billing");
        await visitor.StartTopUpAsync("10");
        var requests = visitor.Page.Context.APIRequest;
        var form = requests.CreateFormData();
        foreach (var (name, value) in new[] { ("number", Steps.GoodCard), ("expiry", "12/34"), ("cvc", "123"), ("amount", "NaN"), ("amount_total", "99999999") }) form.Set(name, value);

        var elsewhere = await requests.PostAsync("/sandbox/checkout/cs_test_nobodys", new() { Form = form, MaxRedirects = 0 });
        var paid = await requests.PostAsync(visitor.Page.Url, new() { Form = form, MaxRedirects = 0 });

        Assert.Equal((404, 303), (elsewhere.Status, paid.Status));
        await visitor.GoToAsync("/billing");
        await Assertions.Expect(visitor.Content.Locator(".balance .figure-large")).ToHaveTextAsync("¥10.00");
        await Books.AssertClean(App.Database.Factory);
    }

    [Fact]
    public async Task A_forged_webhook_and_a_forged_key_are_refused()
    {
        using var client = App.NewClient();
        await using var db = App.Database.Open();
        var before = await db.Payments.CountAsync(p => p.Status == PaymentStatus.Succeeded, Cancel);

        using var forged = new StringContent("""{"id":"evt_forged","type":"checkout.session.completed","data":{"object":{"amount_total":1e9}}}""", Encoding.UTF8, "application/json");
        forged.Headers.Add("Stripe-Signature", "t=1,v1=00");
        var told = await client.PostAsync(new Uri("/payments/webhook", UriKind.Relative), forged, Cancel);
        using var prompt = new StringContent("""{"model":"guide","messages":[{"role":"user","content":"hello"}]}""", Encoding.UTF8, "application/json");
        client.DefaultRequestHeaders.Authorization = new("Bearer", "pk_forged");
        var asked = await client.PostAsync(new Uri("/v1/chat/completions", UriKind.Relative), prompt, Cancel);

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized), (told.StatusCode, asked.StatusCode));
        Assert.Equal(before, await db.Payments.CountAsync(p => p.Status == PaymentStatus.Succeeded, Cancel));
    }

    [Fact]
    public async Task A_top_up_of_no_sound_amount_is_refused_with_a_sentence_and_opens_no_payment()
    {
        var person = await App.AddPersonAsync("unsound@journey.example");
        var visitor = await ArriveAsAsync(person.Email);
        await visitor.GoToAsync("/billing");
        await visitor.OpenDialogAsync("Top up", "Top up");
        var alert = visitor.Dialog.GetByRole(AriaRole.Alert);
        foreach (var amount in (string[])["0", "-5", "NaN", "1e9", "10.001", "999999999999999999"])
        {
            await visitor.FillAsync("Amount in yuan", amount);
            await Assertions.Expect(alert).ToHaveCountAsync(0);
            await visitor.Button("Continue to payment").DblClickAsync();

            await Assertions.Expect(alert).ToBeVisibleAsync();
            await Assertions.Expect(visitor.Field("Amount in yuan")).ToHaveValueAsync(amount);
        }

        await using var db = App.Database.Open();
        Assert.False(await db.Payments.AnyAsync(p => p.AccountId == person.AccountId, Cancel));
    }
}
