using System.Text.Json.Serialization;

namespace Portal.Prompts.Api.Account;

/// <param name="Kind"><c>list</c>.</param>
/// <param name="Total">Entries of all pages.</param>
public sealed record PageJson<T>([property: JsonPropertyName("object")] string Kind, IReadOnlyList<T> Data, int Page, int Limit, int Total, bool HasMore);
