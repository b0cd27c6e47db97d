namespace Portal.Prompts.Chats;

/// <summary>How much of conversations is kept. Beyond it the oldest goes.</summary>
public static class ChatLimits
{
    /// <summary>Conversations of a person in an account.</summary>
    public const int ChatsMax = 50;

    /// <summary>Turns of a conversation.</summary>
    public const int TurnsMax = 100;

    /// <summary>Characters of all turns of a conversation, but for the latest, which always stays.</summary>
    public const int CharactersMax = 400_000;

    public const int TitleLengthMax = 120;

    /// <summary>How many of the latest turns stay, given the characters of each, latest first.</summary>
    public static int Kept(IEnumerable<int> latestFirst)
    {
        var (turns, characters) = (0, 0L);
        foreach (var length in latestFirst)
        {
            characters += length;
            if (turns == TurnsMax || (turns > 0 && characters > CharactersMax))
            {
                break;
            }

            turns++;
        }

        return turns;
    }
}
