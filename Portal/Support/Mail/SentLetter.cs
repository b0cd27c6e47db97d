namespace Portal.Support.Mail;

public enum LetterState
{
    Waiting = 0,
    Sent = 1,

    /// <summary>The mail server refused it too often.</summary>
    GivenUp = 2,
}

/// <summary>A letter of the outbox as the desk sees it: never what it says, which may hold a link that only its reader may have.</summary>
/// <param name="Secret">It leads in with a link of its own: sent again, it is written anew.</param>
public sealed record SentLetter(Guid Id, string Subject, DateTimeOffset CreatedAt, DateTimeOffset? SentAt, LetterState State, bool Secret);

/// <summary>Somebody's letters, the newest first.</summary>
public sealed record PersonLetters(Guid PersonId, string Email, string Name, IReadOnlyList<SentLetter> Letters);
