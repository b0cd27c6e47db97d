namespace Portal.Data.Accounts;

/// <summary>What an API key may call, in groups that somebody would want to give apart.</summary>
[Flags]
public enum KeyEndpoints
{
    None = 0,

    /// <summary>Chat and text completions.</summary>
    Text = 1,

    Images = 2,

    /// <summary>The list of models.</summary>
    Models = 4,

    /// <summary>Batches and the files that they read and write.</summary>
    Batches = 8,

    /// <summary>Balance, usage and quotes.</summary>
    Account = 16,

    /// <summary>Who has a seat in the organisation and what they use.</summary>
    Seats = 32,

    All = Text | Images | Models | Batches | Account | Seats,
}
