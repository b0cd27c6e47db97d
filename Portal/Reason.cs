namespace Portal;

/// <summary>Why somebody of the staff did something, as plain text: kept with the deed, and never left out.</summary>
public static class Reason
{
    public const int LengthMax = 500;

    public static Refusal? WhyNot(string reason) => reason.Length is 0 or > LengthMax ? new Refusal("reason.missing", $"{LengthMax}") : null;
}
