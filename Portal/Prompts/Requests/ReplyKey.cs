namespace Portal.Prompts.Requests;

/// <summary>Under which key a finished answer is stored, and of which request it is the answer.</summary>
/// <param name="Key">Unique in the wallet.</param>
/// <param name="RequestHash">Hex SHA-256 of the request's body.</param>
public sealed record ReplyKey(string Key, string RequestHash);
