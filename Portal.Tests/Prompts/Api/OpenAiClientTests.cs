using System.ClientModel;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Images;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Prompts.Api;

/// <summary>OpenAI's own client against a running portal.</summary>
public sealed class OpenAiClientTests(PortalApp portal) : IClassFixture<PortalApp>, IAsyncLifetime
{
    private Customer customer = null!;
    private OpenAIClient client = null!;

    public async ValueTask InitializeAsync()
    {
        customer = await Customer.Arrive(portal);
        client = new OpenAIClient(new ApiKeyCredential(customer.ApiKey), new OpenAIClientOptions { Endpoint = new Uri(portal.Address, "v1") });
    }

    public async ValueTask DisposeAsync()
    {
        await Books.AssertClean(portal.Database.Factory);
        Assert.Empty(portal.Errors);
    }

    [Fact]
    public async Task Completes_a_chat_and_counts_it_as_it_is_charged()
    {
        var answer = (await client.GetChatClient("guide").CompleteChatAsync(
            [new SystemChatMessage("Answer briefly."), new UserChatMessage("What is a token?")], new ChatCompletionOptions { MaxOutputTokenCount = 100 })).Value;

        Assert.Contains("small piece of text", answer.Content[0].Text, StringComparison.Ordinal);
        Assert.Equal(ChatFinishReason.Stop, answer.FinishReason);
        var usage = Assert.Single(await customer.Usage(portal));
        Assert.Equal((usage.InputTokens, usage.OutputTokens), (answer.Usage.InputTokenCount, answer.Usage.OutputTokenCount));
        Assert.Equal(1_000_000_000 - usage.ChargedNanos, (await customer.Wallet(portal)).Spendable.Nanos);
        Assert.NotNull(usage.ApiKeyId);
    }

    [Fact]
    public async Task Streams_a_chat_piece_by_piece_with_its_usage_at_the_end()
    {
        var pieces = new List<string>();
        ChatTokenUsage? counted = null;
        ChatFinishReason? finish = null;
        await foreach (var update in client.GetChatClient("guide").CompleteChatStreamingAsync(new UserChatMessage("How do I top up?")))
        {
            pieces.AddRange(update.ContentUpdate.Select(part => part.Text).Where(text => text.Length > 0));
            counted = update.Usage ?? counted;
            finish = update.FinishReason ?? finish;
        }

        Assert.True(pieces.Count > 1);
        Assert.StartsWith("Open the Billing page", string.Concat(pieces), StringComparison.Ordinal);
        Assert.Equal(ChatFinishReason.Stop, finish);
        var usage = Assert.Single(await customer.Usage(portal));
        Assert.Equal((usage.InputTokens, usage.OutputTokens), (counted!.InputTokenCount, counted.OutputTokenCount));
    }

    [Fact]
    public async Task Tells_how_likely_each_token_was_and_what_else_it_might_have_said()
    {
        var options = new ChatCompletionOptions { IncludeLogProbabilities = true, TopLogProbabilityCount = 3, FrequencyPenalty = 0.1f, MaxOutputTokenCount = 20 };
        var answer = (await client.GetChatClient("guide").CompleteChatAsync([new UserChatMessage("充值")], options)).Value;
        var streamed = new List<ChatTokenLogProbabilityDetails>();
        await foreach (var update in client.GetChatClient("guide").CompleteChatStreamingAsync([new UserChatMessage("充值")], options))
        {
            streamed.AddRange(update.ContentTokenLogProbabilities);
        }

        var tokens = answer.ContentTokenLogProbabilities;
        Assert.Equal(answer.Usage.OutputTokenCount, tokens.Count);
        Assert.All(tokens, token => Assert.InRange(token.LogProbability, -50, 0));
        Assert.All(tokens, token => Assert.Equal(3, token.TopLogProbabilities.Count));
        Assert.All(tokens, token => Assert.True(token.TopLogProbabilities[0].LogProbability >= token.LogProbability));
        var said = tokens.SelectMany(token => token.Utf8Bytes?.ToArray() ?? []).ToArray();
        Assert.StartsWith(answer.Content[0].Text.TrimEnd('\uFFFD'), System.Text.Encoding.UTF8.GetString(said), StringComparison.Ordinal);
        Assert.Equal(tokens.Select(token => (token.Token, token.LogProbability)), streamed.Select(token => (token.Token, token.LogProbability)));
    }

    [Fact]
    public async Task An_answer_that_is_cut_at_its_longest_length_says_so()
    {
        var answer = (await client.GetChatClient("guide").CompleteChatAsync(
            [new UserChatMessage("How do I top up?")], new ChatCompletionOptions { MaxOutputTokenCount = 3 })).Value;

        Assert.Equal(ChatFinishReason.Length, answer.FinishReason);
        Assert.Equal(3, answer.Usage.OutputTokenCount);
    }

    [Fact]
    public async Task Draws_pictures_and_charges_each()
    {
        var options = new ImageGenerationOptions { Size = new GeneratedImageSize(64, 64), ResponseFormat = GeneratedImageFormat.Bytes };

        var images = (await client.GetImageClient("shapes").GenerateImagesAsync("a red circle on a blue background", 2, options)).Value;

        Assert.Equal(2, images.Count);
        Assert.All(images, image => Assert.Equal("PNG", System.Text.Encoding.ASCII.GetString(image.ImageBytes.ToArray(), 1, 3)));
        Assert.Equal(2, Assert.Single(await customer.Usage(portal)).Images);
    }

    [Fact]
    public async Task Lists_the_models()
    {
        var models = (await client.GetOpenAIModelClient().GetModelsAsync()).Value;

        Assert.Equal(["guide", "shapes", "flagship"], models.Select(model => model.Id));
    }

    [Fact]
    public async Task An_unknown_model_is_told_as_the_client_expects()
    {
        var error = await Assert.ThrowsAsync<ClientResultException>(() => client.GetChatClient("gpt-9").CompleteChatAsync(new UserChatMessage("hello")));

        Assert.Equal(404, error.Status);
        Assert.Contains("model_not_found", error.Message, StringComparison.Ordinal);
    }
}
