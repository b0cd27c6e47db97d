namespace Portal.Prompts.Requests;

/// <summary>What a request may ask for, whatever the model.</summary>
public static class PromptLimits
{
    /// <summary>Characters of all messages together.</summary>
    public const int CharactersMax = 20_000;

    public const int MessagesMax = 200;

    /// <summary>Output tokens when a request does not say.</summary>
    public const int MaxTokensDefault = 1_024;

    /// <summary>Stop strings of a request.</summary>
    public const int StopMax = 4;

    /// <summary>Likely tokens that are reported beside each one of an answer.</summary>
    public const int LikelihoodsMax = 20;

    /// <summary>Pictures of a request.</summary>
    public const int ImagesMax = 4;
}
