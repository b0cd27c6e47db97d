using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using Portal.Commands;
using Portal.Tests.Fixtures;
using Portal.Tests.Prompts;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser.Desk;

public sealed class TracePictureTests(PortalApp portal) : BrowserTest(portal), IClassFixture<PortalApp>
{
    [Fact]
    public async Task A_picture_that_was_saved_as_JPEG_leads_to_its_request()
    {
        var customer = await Customer.Arrive(App);
        var png = await DrawAsync(customer);
        var request = Assert.Single(await customer.Usage(App)).Id;
        var staff = await ArriveAsAsync("support@demo.example");
        await staff.GoToAsync("/desk");
        await staff.Content.GetByRole(AriaRole.Link, new() { Name = "Trace a picture" }).ClickAsync();
        await staff.ReadyAsync();

        await ChooseAsync(staff, "circle.jpg", "image/jpeg", await SavedAsJpegAsync(staff, png));

        await Expect(staff.Content.GetByRole(AriaRole.Heading, new() { Name = "Made here" })).ToBeVisibleAsync();
        await Expect(staff.Content).ToContainTextAsync($"{request}");
        await Expect(staff.Content).ToContainTextAsync(customer.Email);
        await staff.AssertPageIsGoodAsync("desk-trace-found");
        await staff.Content.Locator("dl a").ClickAsync();
        await staff.Page.WaitForURLAsync($"**/desk/{customer.AccountId}");
        await Expect(staff.Content).ToContainTextAsync("Picture traced");
    }

    [Fact]
    public async Task A_picture_without_a_mark_and_a_file_that_is_none_are_answered_in_words()
    {
        var staff = await ArriveAsAsync("support@demo.example");
        await staff.GoToAsync("/desk/pictures");

        var blank = await staff.Page.EvaluateAsync<string>("(() => { const c = document.createElement('canvas'); c.width = c.height = 200; return c.toDataURL('image/png').split(',')[1]; })()");
        await ChooseAsync(staff, "blank.png", "image/png", Convert.FromBase64String(blank));
        await Expect(staff.Content.GetByRole(AriaRole.Heading, new() { Name = "No mark found" })).ToBeVisibleAsync();

        await ChooseAsync(staff, "notes.png", "image/png", "not a picture"u8.ToArray());
        await Expect(staff.Content.Locator(".notice")).ToContainTextAsync("not a PNG or JPEG");
        await Expect(staff.Content.GetByRole(AriaRole.Heading, new() { Name = "No mark found" })).ToHaveCountAsync(0);
    }

    private async Task<byte[]> DrawAsync(Customer customer)
    {
        using var client = App.NewClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", customer.ApiKey);
        using var answer = await client.PostAsJsonAsync("/v1/images/generations", new { model = "shapes", prompt = "a red circle on a blue background", size = "128x128" });
        answer.EnsureSuccessStatusCode();
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return body.GetProperty("data")[0].GetProperty("b64_json").GetBytesFromBase64();
    }

    /// <summary>By the browser, as a person's tool would: quality 75.</summary>
    private static async Task<byte[]> SavedAsJpegAsync(Visitor visitor, byte[] png)
    {
        var jpeg = await visitor.Page.EvaluateAsync<string>("""
            async data => {
                const image = new Image();
                image.src = `data:image/png;base64,${data}`;
                await image.decode();
                const canvas = document.createElement('canvas');
                [canvas.width, canvas.height] = [image.width, image.height];
                canvas.getContext('2d').drawImage(image, 0, 0);
                return canvas.toDataURL('image/jpeg', 0.75).split(',')[1];
            }
            """, Convert.ToBase64String(png));
        return Convert.FromBase64String(jpeg);
    }

    private static Task ChooseAsync(Visitor visitor, string name, string type, byte[] bytes) =>
        visitor.Content.GetByLabel("Picture file").SetInputFilesAsync(new FilePayload { Name = name, MimeType = type, Buffer = bytes });
}
