using System.Text.Json.Serialization;

namespace Portal.Prompts.Api.Json;

/// <summary>A model or an alias.</summary>
/// <param name="Root">The model behind the name.</param>
public sealed record ModelJson(string Id, [property: JsonPropertyName("object")] string Kind, int Created, string OwnedBy, string Root);
