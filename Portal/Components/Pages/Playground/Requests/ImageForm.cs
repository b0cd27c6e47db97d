using Portal.Prompts.Requests;

namespace Portal.Components.Pages.Playground.Requests;

/// <summary>What stands in the fields of a request for pictures.</summary>
public sealed class ImageForm
{
    public string Prompt { get; set; } = "";

    public string? Model { get; set; }

    public int Count { get; set; } = 1;

    /// <summary>Pixels of each side; null: the model's default.</summary>
    public int? Size { get; set; }

    /// <summary>Null: the model's default.</summary>
    public int? Steps { get; set; }

    /// <summary>Of the first picture, each further one takes the next; null: a fresh one each time.</summary>
    public int? Seed { get; set; }

    /// <summary>How far to go beyond the prompt's own direction; 0: not at all, and at half the price.</summary>
    public decimal Guidance { get; set; }

    /// <summary>What not to draw, which only a guided picture heeds.</summary>
    public string Negative { get; set; } = "";

    public ImagePrompt ToRequest(Guid id) => new(id, Model ?? "", Prompt, Size, Size, Steps, Seed, Count)
    {
        Guidance = (float)Guidance, NegativeText = Guidance > 0 ? Negative : "",
    };

    public void Take(ImagePrompt request) =>
        (Prompt, Model, Count, Size, Steps, Seed, Guidance, Negative) =
            (request.Text, request.Model, request.Count, request.Width, request.Steps, request.Seed, (decimal)request.Guidance, request.NegativeText);
}
