using Portal.Components.Pages.Playground.Code;
using Portal.Inference.Text;
using Portal.Prompts.Requests;

namespace Portal.Components.Pages.ApiDocs;

/// <summary>Programs that call this portal with the person's key, ready to be copied.</summary>
/// <param name="address">The portal's own, with a slash at its end.</param>
/// <param name="textModel">Null: none is there, and its samples are left out.</param>
/// <param name="imageModel">Null: none is there, and its sample is left out.</param>
public sealed class ApiSamples(Uri address, string key, string? textModel, string? imageModel)
{
    private const string Question = "What is a token?";

    public IReadOnlyList<ApiSample> All =>
        [.. Enum.GetValues<ApiSample>().Where(s => s switch { ApiSample.Image => imageModel is not null, ApiSample.Balance => true, _ => textModel is not null })];

    public string Of(ApiSample sample, CodeLanguage language) => sample switch
    {
        ApiSample.Chat => new RequestCode(new TextPrompt(Guid.Empty, textModel!, [new ChatMessage("user", Question)], 100), address, key).In(language),
        ApiSample.Image => new RequestCode(new ImagePrompt(Guid.Empty, imageModel!, "a red circle"), address, key).In(language),
        ApiSample.Stream => Stream(language),
        _ => Balance(language),
    };

    private string Stream(CodeLanguage language) => language switch
    {
        CodeLanguage.Curl => $$"""
            curl -N {{address}}v1/chat/completions \
              -H "Authorization: Bearer {{key}}" \
              -H "Content-Type: application/json" \
              -d '{"model": "{{textModel}}", "messages": [{"role": "user", "content": "{{Question}}"}], "stream": true}'
            """,
        CodeLanguage.Python => $$"""
            from openai import OpenAI

            client = OpenAI(base_url="{{address}}v1", api_key="{{key}}")
            for piece in client.chat.completions.create(
                model="{{textModel}}",
                messages=[{"role": "user", "content": "{{Question}}"}],
                stream=True,
            ):
                if piece.choices:
                    print(piece.choices[0].delta.content or "", end="", flush=True)
            """,
        CodeLanguage.JavaScript => $$"""
            import OpenAI from "openai";

            const client = new OpenAI({ baseURL: "{{address}}v1", apiKey: "{{key}}" });
            const stream = await client.chat.completions.create({
              model: "{{textModel}}",
              messages: [{ role: "user", content: "{{Question}}" }],
              stream: true,
            });
            for await (const piece of stream) process.stdout.write(piece.choices[0]?.delta?.content ?? "");
            """,
        _ => $$"""
            using System.ClientModel;
            using OpenAI;
            using OpenAI.Chat;

            var options = new OpenAIClientOptions { Endpoint = new Uri("{{address}}v1") };
            var chat = new ChatClient("{{textModel}}", new ApiKeyCredential("{{key}}"), options);
            await foreach (var piece in chat.CompleteChatStreamingAsync(new UserChatMessage("{{Question}}")))
            {
                foreach (var part in piece.ContentUpdate) Console.Write(part.Text);
            }
            """,
    };

    private string Balance(CodeLanguage language) => language switch
    {
        CodeLanguage.Curl => $"""
            curl {address}api/v1/balance -H "Authorization: Bearer {key}"
            """,
        CodeLanguage.Python => $$"""
            import json, urllib.request

            request = urllib.request.Request("{{address}}api/v1/balance", headers={"Authorization": "Bearer {{key}}"})
            print(json.load(urllib.request.urlopen(request))["spendable"]["amount"])
            """,
        CodeLanguage.JavaScript => $$"""
            const response = await fetch("{{address}}api/v1/balance", { headers: { Authorization: "Bearer {{key}}" } });
            console.log((await response.json()).spendable.amount);
            """,
        _ => $$"""
            using System.Net.Http.Headers;
            using System.Net.Http.Json;
            using System.Text.Json;

            using var client = new HttpClient { BaseAddress = new Uri("{{address}}") };
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "{{key}}");
            var balance = await client.GetFromJsonAsync<JsonElement>("api/v1/balance");
            Console.WriteLine(balance.GetProperty("spendable").GetProperty("amount").GetString());
            """,
    };
}
