using Portal.Prompts.Routing;

namespace Portal.Prompts.Requests;

/// <summary>What a person or a program asks of a model.</summary>
/// <param name="Id">
/// The form's or the API request's own id, which becomes the hold's: sending the same one twice runs it once.
/// </param>
/// <param name="Model">A model's folder, an alias, or <see cref="Aliases.Auto"/>.</param>
public abstract record PromptRequest(Guid Id, string Model)
{
    /// <summary>Chooses the model of <see cref="Routing.Aliases.Auto"/>; null of every other.</summary>
    public Priority? Priority { get; init; }

    /// <summary>The name that is asked for: of <see cref="Aliases.Auto"/> the alias that its priority chooses.</summary>
    public string Asked => Model == Aliases.Auto ? Aliases.For(Priority) : Model;

    /// <summary>Part of an asynchronous batch: it may wait, and costs less.</summary>
    public bool Batch { get; init; }

    /// <summary>Set when the answer is kept for the caller's repetitions of the same request.</summary>
    public ReplyKey? Keep { get; init; }

    /// <summary>Whether an earlier answer of the account will do; null: as its project says.</summary>
    public bool? Cache { get; init; }

    /// <summary>
    /// The answer is handed over in one piece at its end: when the model fails or the caller leaves before, nothing was delivered and nothing is charged.
    /// </summary>
    public bool Whole { get; init; }
}
