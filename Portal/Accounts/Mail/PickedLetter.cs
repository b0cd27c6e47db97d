namespace Portal.Accounts.Mail;

/// <summary>A letter in the pickup folder.</summary>
/// <param name="Name">Its file's name without the extension.</param>
public sealed record PickedLetter(string Name, DateTimeOffset At, Letter Letter);
