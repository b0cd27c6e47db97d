using System.Text.Json;

namespace Portal.Prompts.Batches.Api;

/// <summary>The body of <c>POST /v1/batches</c>.</summary>
/// <param name="Metadata">An object of strings.</param>
public sealed record BatchRequest(string? InputFileId, string? Endpoint, string? CompletionWindow, JsonElement? Metadata);
