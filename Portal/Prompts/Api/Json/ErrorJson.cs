namespace Portal.Prompts.Api.Json;

/// <summary>Why a request was not done.</summary>
public sealed record ErrorJson(ErrorJson.Details Error)
{
    /// <param name="Message">A sentence for a person.</param>
    /// <param name="Param">The field of the request that is wrong; null when it is none, or more than one.</param>
    /// <param name="Code">For programs; the sentence may change, this does not.</param>
    public sealed record Details(string Message, string Type, string? Param, string Code);
}
