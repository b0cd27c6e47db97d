using System.Text.Json.Serialization;

namespace Portal.Prompts.Api.Json;

public sealed record ModelListJson([property: JsonPropertyName("object")] string Kind, IReadOnlyList<ModelJson> Data);
