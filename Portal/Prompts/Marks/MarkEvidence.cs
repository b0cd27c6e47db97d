namespace Portal.Prompts.Marks;

/// <summary>How well a mark was still to be read. Each is proof: a picture without a mark passes less than once in 40 million.</summary>
public enum MarkEvidence
{
    /// <summary>At most a tenth of its bits were corrected: the picture is nearly as it was delivered.</summary>
    Clear,

    /// <summary>Up to a fifth: the picture was changed.</summary>
    Worn,

    /// <summary>More: hardly more could have been lost.</summary>
    Faint,
}
