using System.Globalization;
using Microsoft.Playwright;
using Portal.Tests.Fixtures;
using Portal.Tests.Prompts;

namespace Portal.Tests.Browser.Playground;

[Collection<PlaygroundPortal>]
public sealed class ChatTests(PortalApp portal) : BrowserTest(portal)
{
    [Fact]
    public async Task A_second_turn_takes_the_first_along_and_is_billed_by_the_count_that_stood_beside_it()
    {
        var (visitor, customer) = await Arrive();
        await Say(visitor, "What is a token?", receipts: 1);
        await Assertions.Expect(visitor.Content.Locator("#prompt")).ToBeFocusedAsync();

        await visitor.Page.Keyboard.TypeAsync("And how do I top up?");
        await Assertions.Expect(visitor.Content.Locator(".token-count")).ToContainTextAsync("of 512 tokens of the context");
        var counted = await visitor.Content.Locator(".token-count").InnerTextAsync();
        await visitor.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(visitor.Content.Locator("details.receipt")).ToHaveCountAsync(2);

        var usage = await customer.Usage(App);
        Assert.Equal(2, usage.Count);
        var alone = usage[0].InputTokens;
        Assert.True(usage[1].InputTokens > alone + usage[0].OutputTokens, $"{usage[1].InputTokens} tokens cannot hold {alone} and {usage[0].OutputTokens} and more");
        Assert.Contains(usage[1].InputTokens.ToString(CultureInfo.InvariantCulture), counted, StringComparison.Ordinal);
        await Assertions.Expect(visitor.Content.Locator("#prompt")).ToHaveValueAsync("");
        await visitor.AssertPageIsGoodAsync("chat-two-turns");
    }

    [Fact]
    public async Task Shift_and_Enter_start_a_new_line_and_send_nothing()
    {
        var (visitor, customer) = await Arrive();
        await visitor.Content.Locator("#prompt").FocusAsync();
        await visitor.Page.Keyboard.TypeAsync("one");
        await visitor.Page.Keyboard.PressAsync("Shift+Enter");
        await visitor.Page.Keyboard.TypeAsync("two");

        await Assertions.Expect(visitor.Content.Locator("#prompt")).ToHaveValueAsync("one\ntwo");
        await Assertions.Expect(visitor.Content.Locator(".cost-figure")).ToBeVisibleAsync();
        Assert.Empty(await customer.Usage(App));
    }

    [Fact]
    public async Task Under_an_answer_stands_what_a_shorter_prompt_would_have_cost_and_under_a_short_one_nothing()
    {
        var (visitor, _) = await Arrive("zh-CN");
        await Say(visitor, "And refunds?", 1);
        await Say(visitor, "How     do    I    top     up?", 2);
        await Assertions.Expect(visitor.Content.Locator("article.answer").Last.Locator(".advice")).ToContainTextAsync("去掉连续的空格和空行可少用");
        await Assertions.Expect(visitor.Content.Locator("article.answer").First.Locator(".advice")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_conversation_is_reopened_after_a_reload_goes_on_is_renamed_and_deleted_and_what_it_cost_stays()
    {
        var (visitor, customer) = await Arrive();
        await Say(visitor, "What is a token?", receipts: 1);
        await Assertions.Expect(visitor.Content.Locator(".chats li")).ToHaveCountAsync(1);
        await visitor.Page.ReloadAsync();
        await visitor.ReadyAsync();
        await Assertions.Expect(visitor.Content.Locator(".answer")).ToHaveCountAsync(0);

        await visitor.Content.Locator(".chats li a").ClickAsync();

        await Assertions.Expect(visitor.Content.Locator(".answer .text")).ToContainTextAsync("small piece of text");
        await Assertions.Expect(visitor.Content.Locator("details.receipt")).ToHaveCountAsync(1);
        await Say(visitor, "How do I top up?", receipts: 2);
        var usage = await customer.Usage(App);
        Assert.True(usage[1].InputTokens > usage[0].InputTokens + usage[0].OutputTokens);
        await Assertions.Expect(visitor.Content.Locator(".chats li")).ToHaveCountAsync(1);

        await visitor.ClickAsync("Rename: What is a token?");
        await visitor.FillAsync("Name", "Basics");
        await visitor.ClickAsync("Save");
        await Assertions.Expect(visitor.Content.Locator(".chats .name")).ToHaveTextAsync("Basics");
        await Assertions.Expect(visitor.Content.Locator("#talk-title")).ToHaveTextAsync("Basics");
        await visitor.ClickAsync("Delete: Basics");
        await visitor.Dialog.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();

        await Assertions.Expect(visitor.Content.Locator(".chats li")).ToHaveCountAsync(0);
        await Assertions.Expect(visitor.Content.Locator(".answer")).ToHaveCountAsync(0);
        Assert.Equal(2, (await customer.Usage(App)).Count);
    }

    [Fact]
    public async Task Another_persons_conversation_is_not_found()
    {
        var (owner, _) = await Arrive();
        await Say(owner, "What is a token?", receipts: 1);
        var address = await owner.Content.Locator(".chats li a").GetAttributeAsync("href");
        var (stranger, _) = await Arrive();

        await stranger.GoToAsync(address!);

        await Assertions.Expect(stranger.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("This page does not exist");
        await Assertions.Expect(stranger.Page.Locator(".answer")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_last_turn_is_asked_again_and_otherwise_and_both_times_takes_its_own_place()
    {
        var (visitor, customer) = await Arrive();
        await Say(visitor, "What is a token?", receipts: 1);

        await visitor.ClickAsync("Answer again");
        await Until.TrueAsync("it was answered again", async () => (await customer.Usage(App)).Count == 2);
        await Assertions.Expect(visitor.Content.Locator("details.receipt")).ToHaveCountAsync(1);
        await visitor.ClickAsync("Edit this message");
        await Assertions.Expect(visitor.Content.Locator("#prompt")).ToHaveValueAsync("What is a token?");
        await visitor.Content.Locator("#prompt").FillAsync("How do I top up?");
        await visitor.Content.Locator("[data-send]").ClickAsync();

        await Assertions.Expect(visitor.Content.Locator(".asked-text")).ToContainTextAsync("How do I top up?");
        await Assertions.Expect(visitor.Content.Locator("details.receipt")).ToHaveCountAsync(1);
        var usage = await customer.Usage(App);
        Assert.Equal(3, usage.Count);
        Assert.Equal(usage[0].InputTokens, usage[1].InputTokens);
        await visitor.ClickAsync("New chat");
        await visitor.Content.Locator(".chats li a").ClickAsync();
        await Assertions.Expect(visitor.Content.Locator(".answer")).ToHaveCountAsync(1);
        await Assertions.Expect(visitor.Content.Locator(".answer .text")).ToContainTextAsync("Billing");
    }

    [Fact]
    public async Task View_as_code_shows_this_request_with_the_beginning_of_the_persons_key_and_the_api_answers_it()
    {
        var (visitor, customer) = await Arrive();
        await visitor.Content.Locator("#prompt").FillAsync("What's a token?");
        await visitor.Content.Locator("[data-code]").ClickAsync();

        await Assertions.Expect(visitor.Dialog).ToContainTextAsync("stands for your key");
        var curl = await visitor.Dialog.Locator("pre").InnerTextAsync();
        Assert.Contains($"Bearer {customer.ApiKey[..11]}…\"", curl, StringComparison.Ordinal);
        foreach (var (choice, part) in ((string[])["curl ", "from openai import", "import OpenAI from", "using var client"]).Index())
        {
            await visitor.Dialog.GetByRole(AriaRole.Radio).Nth(choice).CheckAsync();
            await Assertions.Expect(visitor.Dialog.Locator("pre")).ToContainTextAsync(part);
        }

        var body = curl[(curl.IndexOf("-d '", StringComparison.Ordinal) + 4)..curl.LastIndexOf('\'')].Replace(@"'\''", "'", StringComparison.Ordinal);
        using var client = App.NewClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", customer.ApiKey);
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        var answer = await client.PostAsync(new Uri("/v1/chat/completions", UriKind.Relative), content, TestContext.Current.CancellationToken);
        Assert.Contains("piece of text", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static async Task Say(Visitor visitor, string prompt, int receipts)
    {
        await visitor.Content.Locator("#prompt").FillAsync(prompt);
        await visitor.Content.Locator("#prompt").PressAsync("Enter");
        await Assertions.Expect(visitor.Content.Locator("details.receipt")).ToHaveCountAsync(receipts);
        // A second prompt within half a second would be a double click.
        await Assertions.Expect(visitor.Content.Locator(".chats li")).Not.ToHaveCountAsync(0);
    }

    private async Task<(Visitor Visitor, Customer Customer)> Arrive(string language = "en")
    {
        var customer = await Customer.Arrive(App, language: language);
        var visitor = await ArriveAsAsync(customer.Email, new Look { Language = language });
        await visitor.GoToAsync("/playground");
        return (visitor, customer);
    }
}
