namespace Portal.Data.Support;

/// <summary>An answer that the staff give often, in both languages; <c>{name}</c> stands for the customer's.</summary>
public sealed class CannedAnswer
{
    public const int NameLengthMax = 80;
    public const int TextLengthMax = 4000;

    /// <summary>The form's token: a second click is the same answer.</summary>
    public Guid Id { get; set; }

    public required string Name { get; set; }

    public required string TextEn { get; set; }

    public required string TextZh { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }
}
