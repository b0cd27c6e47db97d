using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Portal.Prompts.Requests;

namespace Portal.Components.Pages.Playground.Code;

/// <summary>A request of the playground as a program would send it to the portal's API: the same model, messages and parameters.</summary>
public sealed partial class RequestCode(PromptRequest request, Uri address, string key)
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions Indented = new(Plain) { WriteIndented = true };

    // What OpenAI's own parameters do not name.
    private static readonly string[] Extra = ["steps", "seed"];

    private bool IsImage => request is ImagePrompt;

    private string Path => IsImage ? "v1/images/generations" : "v1/chat/completions";

    public string In(CodeLanguage language) => language switch
    {
        CodeLanguage.Curl => Curl(),
        CodeLanguage.Python => Python(),
        CodeLanguage.JavaScript => JavaScript(),
        _ => CSharp(),
    };

    private string Curl() => $"""
        curl {address}{Path} \
          -H "Authorization: Bearer {key}" \
          -H "Content-Type: application/json" \
          -d '{Json(Body(), Indented).Replace("'", @"'\''", StringComparison.Ordinal)}'
        """;

    private string Python()
    {
        var (call, read) = IsImage
            ? ("images.generate", "import base64\nfor index, picture in enumerate(response.data):\n    with open(f\"picture-{index}.png\", \"wb\") as file:\n        file.write(base64.b64decode(picture.b64_json))")
            : ("chat.completions.create", "print(response.choices[0].message.content)");
        var arguments = new List<string>();
        var extra = new JsonObject();
        foreach (var (name, value) in Body())
        {
            if (IsImage && Extra.Contains(name)) extra[name] = value!.DeepClone();
            else arguments.Add($"    {name}={Indent(Json(value!, name == "messages" ? Indented : Plain), "    ")},");
        }

        if (extra.Count > 0) arguments.Add($"    extra_body={Json(extra, Plain)},");
        return $"""
            from openai import OpenAI

            client = OpenAI(base_url="{address}v1", api_key="{key}")
            response = client.{call}(
            {string.Join('\n', arguments)}
            )
            {read}
            """;
    }

    private string JavaScript()
    {
        var (call, read) = IsImage
            ? ("images.generate", "const fs = await import(\"node:fs\");\nresponse.data.forEach((picture, index) => fs.writeFileSync(`picture-${index}.png`, picture.b64_json, \"base64\"));")
            : ("chat.completions.create", "console.log(response.choices[0].message.content);");
        return $$"""
            import OpenAI from "openai";

            const client = new OpenAI({ baseURL: "{{address}}v1", apiKey: "{{key}}" });
            const response = await client.{{call}}({{Json(Body(), Indented)}});
            {{read}}
            """;
    }

    // With what .NET brings along; OpenAI's package works too, at the same address.
    private string CSharp()
    {
        var read = IsImage
            ? "var index = 0;\nforeach (var picture in answer.GetProperty(\"data\").EnumerateArray())\n    File.WriteAllBytes($\"picture-{index++}.png\", picture.GetProperty(\"b64_json\").GetBytesFromBase64());"
            : "Console.WriteLine(answer.GetProperty(\"choices\")[0].GetProperty(\"message\").GetProperty(\"content\").GetString());";
        return $$""""
            using System.Net.Http.Headers;
            using System.Net.Http.Json;
            using System.Text;
            using System.Text.Json;

            using var client = new HttpClient { BaseAddress = new Uri("{{address}}") };
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "{{key}}");
            var body = """
            {{Indent(Json(Body(), Indented), "    ", first: true)}}
                """;
            var response = await client.PostAsync("{{Path}}", new StringContent(body, Encoding.UTF8, "application/json"));
            var answer = await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
            {{read}}
            """";
    }

    private JsonObject Body() => request switch
    {
        TextPrompt text => TextBody(text),
        ImagePrompt image => ImageBody(image),
        _ => throw new ArgumentOutOfRangeException(nameof(request), request, "no such request"),
    };

    private static JsonObject TextBody(TextPrompt text)
    {
        var sampling = text.Sampling;
        var body = new JsonObject
        {
            ["model"] = text.Model,
            ["messages"] = new JsonArray([.. text.Messages.Select(m => new JsonObject { ["role"] = m.Role, ["content"] = m.Content })]),
            ["max_tokens"] = text.MaxTokens, ["temperature"] = Number(sampling.Temperature),
        };
        if (sampling.TopP != 1) body["top_p"] = Number(sampling.TopP);
        if (sampling.FrequencyPenalty != 0) body["frequency_penalty"] = Number(sampling.FrequencyPenalty);
        if (sampling.PresencePenalty != 0) body["presence_penalty"] = Number(sampling.PresencePenalty);
        if (sampling.Seed is { } seed) body["seed"] = seed;
        if (text.Stop.Count > 0) body["stop"] = new JsonArray([.. text.Stop.Select(stop => JsonValue.Create(stop))]);
        return body;
    }

    private static JsonObject ImageBody(ImagePrompt image)
    {
        var body = new JsonObject { ["model"] = image.Model, ["prompt"] = image.Text, ["n"] = image.Count, ["response_format"] = "b64_json" };
        if (image is { Width: { } width, Height: { } height }) body["size"] = $"{width}x{height}";
        if (image.Steps is { } steps) body["steps"] = steps;
        if (image.Seed is { } seed) body["seed"] = seed;
        if (image.Guidance > 0) body["guidance_scale"] = Number(image.Guidance);
        if (image.NegativeText.Length > 0) body["negative_prompt"] = image.NegativeText;
        return body;
    }

    // As the person typed it: 0.7 and not 0.699999988079071.
    private static JsonValue Number(float number) => JsonValue.Create((decimal)number);

    // Every letter as it is: one that is written as two halves is no letter to Python.
    private static string Json(JsonNode node, JsonSerializerOptions options) => Halves().Replace(
        node.ToJsonString(options), match => string.Concat(match.Groups["half"].Captures.Select(half => (char)Convert.ToInt32(half.Value, 16))));

    [GeneratedRegex(@"(?<=(?<!\\)(?:\\\\)*)\\u(?<half>[dD][89abAB][0-9a-fA-F]{2})\\u(?<half>[dD][c-fC-F][0-9a-fA-F]{2})")]
    private static partial Regex Halves();

    private static string Indent(string text, string by, bool first = false) => (first ? by : "") + text.Replace("\n", $"\n{by}", StringComparison.Ordinal);
}
