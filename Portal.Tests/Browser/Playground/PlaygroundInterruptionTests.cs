using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Portal.Components.Pages.Playground;
using Portal.Inference;
using Portal.Tests.Browser.Journeys;
using Portal.Tests.Fixtures;
using Portal.Tests.Prompts;

namespace Portal.Tests.Browser.Playground;

public sealed class PlaygroundInterruptionTests(ScriptedPortal portal) : BrowserTest(portal), IClassFixture<ScriptedPortal>
{
    [Fact]
    public async Task F20_Going_to_another_page_or_closing_the_tab_midway_stops_the_model_and_charges_what_was_delivered()
    {
        var (visitor, customer) = await Send("how to top up");
        portal.Text.Say(1);
        await Assertions.Expect(visitor.Content.Locator(".answer .text")).ToContainTextAsync("one");

        await visitor.NavigateAsync("API keys");

        await Until.TrueAsync("the prompt is settled", async () => await customer.Usage(App) is [{ OutputTokens: 1, Finish: "cancelled" }]);
        await visitor.GoToAsync("/playground");
        await Send(visitor, "how to top up");
        portal.Text.Say(2);
        await Assertions.Expect(visitor.Content.Locator(".answer .text").Last).ToContainTextAsync("one two");

        await visitor.Page.CloseAsync();

        await Until.TrueAsync("the model has stopped", () => Task.FromResult(portal.Text.Active == 0));
        await Until.TrueAsync("the prompt is settled", async () => await customer.Usage(App) is [_, { OutputTokens: 2, Finish: "cancelled" }]);
        Assert.Equal(0, (await customer.Wallet(App)).Held.Nanos);
        await using var db = App.Database.Open();
        await Until.TrueAsync("what was said is in the conversation", async () => await db.ChatTurns.AnyAsync(t => t.Answer == "one two " && t.Finish == "Cancelled"));
        await Books.AssertClean(App.Database.Factory);
    }

    [Fact]
    public async Task What_is_stopped_before_midway_or_fails_midway_says_so_and_what_was_charged()
    {
        var (visitor, customer) = await Send("how to top up");
        await Until.TrueAsync("the model is asked", () => Task.FromResult(portal.Text.Active == 1));
        await visitor.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(visitor.Content.Locator(".answer .status")).ToContainTextAsync("Nothing was charged");
        await Assertions.Expect(visitor.Content.Locator("#prompt")).ToBeFocusedAsync();
        Assert.Empty(await customer.Usage(App));
        await using (var db = App.Database.Open())
        {
            Assert.False(await db.Chats.AnyAsync(c => db.Users.Any(p => p.Id == c.PersonId && p.Email == customer.Email), TestContext.Current.CancellationToken));
        }

        await visitor.GoToAsync("/playground");
        await Send(visitor, "how to top up");
        portal.Text.Say(3);
        await Assertions.Expect(visitor.Content.Locator(".answer .text").Last).ToContainTextAsync("one two three");
        await visitor.KeepScreenshotAsync("playground-writing");
        await visitor.ClickAsync("Stop");
        await Assertions.Expect(visitor.Content.Locator(".answer .status").Last).ToContainTextAsync("only for what was delivered");
        await Assertions.Expect(visitor.Content.Locator(".receipt").Last).ToContainTextAsync("4 tokens in, 3 tokens out");
        Assert.Equal(3, Assert.Single(await customer.Usage(App)).OutputTokens);

        await visitor.GoToAsync("/playground");
        await Send(visitor, "how to top up");
        portal.Text.Say(2).Fail(new ModelFailedException("guide"));
        await Assertions.Expect(visitor.Content.Locator(".answer .notice").Last).ToContainTextAsync("failed midway");
        await Assertions.Expect(visitor.Content.Locator(".answer .text").Last).ToContainTextAsync("one two");
        await Assertions.Expect(visitor.Content.Locator(".receipt").Last).ToContainTextAsync("4 tokens in, 2 tokens out");
        await visitor.AssertPageIsGoodAsync("playground-failed");
    }

    [Fact]
    public async Task A_model_that_is_not_available_cannot_be_chosen_and_a_picture_shows_how_far_it_is()
    {
        var customer = await Customer.Arrive(App);
        var visitor = await ArriveAsAsync(customer.Email);
        await visitor.GoToAsync("/playground");
        await Assertions.Expect(visitor.Content.Locator("#model option[disabled]")).ToHaveTextAsync("broken (unavailable)");
        await Assertions.Expect(visitor.Content.Locator("#model")).ToHaveValueAsync("guide");
        await visitor.TryAsync(PlaygroundMode.Images);
        await visitor.Content.Locator("#prompt").FillAsync("a red circle");
        await visitor.Content.Locator("[data-send]").ClickAsync();

        portal.Images.Step(4);

        await Assertions.Expect(visitor.Content.GetByRole(AriaRole.Progressbar)).ToHaveAttributeAsync("aria-valuenow", "4");
        await Assertions.Expect(visitor.Content.Locator(".answer .status")).ToHaveTextAsync("Step 4 of 9");
        await visitor.KeepScreenshotAsync("playground-drawing");
        await visitor.AssertAxeFindsNothingAsync();
        portal.Images.Step(5);
        await Assertions.Expect(visitor.Content.Locator("img.picture")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_student_whose_seat_is_used_up_is_told_whom_to_ask()
    {
        var student = await (await Customer.Arrive(App)).WithStudent(App, tokens: 3);
        var visitor = await ArriveAsAsync(student.Email);
        await visitor.GoToAsync("/playground");
        await visitor.Content.Locator("#prompt").FillAsync("how to top up");

        await visitor.Content.Locator("[data-send]").ClickAsync();

        await Assertions.Expect(visitor.Content.Locator(".notice")).ToContainTextAsync("organisation");
        await visitor.KeepScreenshotAsync("playground-student-refused");
        Assert.Empty(await student.Usage(App));
    }

    private async Task<(Visitor Visitor, Customer Customer)> Send(string prompt)
    {
        var customer = await Customer.Arrive(App);
        var visitor = await ArriveAsAsync(customer.Email);
        await visitor.GoToAsync("/playground");
        await Send(visitor, prompt);
        return (visitor, customer);
    }

    private static async Task Send(Visitor visitor, string prompt)
    {
        await visitor.Content.Locator("#prompt").FillAsync(prompt);
        await visitor.Content.Locator("[data-send]").ClickAsync();
        await Assertions.Expect(visitor.Content.Locator(".answer").Last).ToBeVisibleAsync();
    }
}
