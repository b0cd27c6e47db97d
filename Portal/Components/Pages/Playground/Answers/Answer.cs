using System.Text;
using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Prompts.Advice;
using Portal.Prompts.Answers;
using Portal.Prompts.Chats;

namespace Portal.Components.Pages.Playground.Answers;

/// <summary>What came of a prompt so far. It belongs to one page's context; <see cref="Changed"/> is raised there, no faster than pictures are drawn.</summary>
public sealed class Answer(Guid id, string model, DateTimeOffset at)
{
    private static readonly TimeSpan Measurable = TimeSpan.FromMilliseconds(10);

    private readonly SortedList<int, Picture> pictures = [];
    private StringBuilder? writing = new();
    private string text = "";

    public event Action? Changed;

    public Guid Id => id;

    public string Model => model;

    public DateTimeOffset At => at;

    /// <summary>Moves with everything that is drawn.</summary>
    public int Version { get; private set; }

    public string Text => writing?.ToString() ?? text;

    /// <summary>The finished pictures by their place, from 0. They need not come in that order.</summary>
    public IReadOnlyDictionary<int, Picture> Pictures => pictures;

    /// <summary>Of pictures: steps done.</summary>
    public int Step { get; private set; }

    /// <summary>Of pictures: steps in all; 0 before the first.</summary>
    public int Steps { get; private set; }

    /// <summary>The model is done; the charge may not be yet.</summary>
    public bool Delivered { get; private set; }

    /// <summary>It was read from a conversation that is kept.</summary>
    public bool Kept { get; private init; }

    /// <summary>Null while it runs or is being charged.</summary>
    public PromptFinish? Finish { get; private set; }

    public Receipt? Receipt { get; private set; }

    /// <summary>Why it was not started, or what went wrong on the portal's side.</summary>
    public Refusal? Failure { get; private set; }

    /// <summary>What a shorter prompt would have cost less; null where it could not be shorter.</summary>
    public AdviceView? Advice { get; private set; }

    /// <summary>Nothing more comes.</summary>
    public bool Done => Finish is not null || (Failure is not null && !Delivered);

    /// <summary>From the click to the first piece; null before it.</summary>
    public TimeSpan? First { get; private set; }

    /// <summary>From the click to the latest piece.</summary>
    public TimeSpan Total { get; private set; }

    /// <summary>Tokens a second once the first was there; null where it was over too soon to tell.</summary>
    public double? Speed => First is { } first && Total - first >= Measurable && Receipt is { Usage: { Unit: Unit.Tokens, OutputTokens: > 1 } usage }
        ? (usage.OutputTokens - 1) / (Total - first).TotalSeconds
        : null;

    public static Answer Of(KeptTurn turn) => new(turn.Id, turn.Model, turn.At)
    {
        Kept = true, writing = null, text = turn.Answer, Delivered = true, Finish = turn.Finish, Receipt = turn.Receipt, First = turn.First, Total = turn.Total,
    };

    /// <param name="since">Since the click.</param>
    /// <param name="picture">Where its picture is kept.</param>
    public void Add(PromptUpdate update, TimeSpan since, string? picture = null)
    {
        First ??= since;
        Total = since;
        writing?.Append(update.Text);
        (Step, Steps) = (update.Step, update.Steps);
        if (picture is not null) pictures[update.Index] = new Picture(picture, update.Seed);
        Version++;
    }

    public void Deliver()
    {
        (Delivered, text, writing) = (true, Text, null);
        Version++;
    }

    public void End(PromptResult result)
    {
        (Finish, Receipt, Failure) = (result.Finish, result.Receipt, result.Failure);
        Version++;
    }

    public void Advise(AdviceView advice)
    {
        Advice = advice;
        Version++;
    }

    public void Refuse(Refusal refusal)
    {
        (Failure, writing) = (refusal, null);
        Version++;
    }

    public void Draw() => Changed?.Invoke();
}

/// <param name="Address">Where the browser keeps it.</param>
/// <param name="Seed">That draws it again; null where the model does not tell.</param>
public sealed record Picture(string Address, int? Seed);
