namespace Portal.Inference;

/// <summary>The configuration section <c>Inference</c>.</summary>
public sealed class InferenceOptions
{
    public const string Section = "Inference";

    public InferenceDevice Device { get; set; }

    /// <summary>
    /// Folders whose subfolders are models; relative ones start at the program's folder. None means the shipped demo models' folder, <c>Models</c>.
    /// Of two models of the same name the first is taken.
    /// </summary>
    public IReadOnlyList<string> ModelDirectories { get; set; } = [];

    /// <summary>Requests that may wait for a model in each lane before it answers that it is busy, from 1 to 10,000.</summary>
    public int QueueMax { get; set; } = 64;

    /// <summary>Seconds that a request may be passed by later ones of the next higher lane, from 0 (no lanes) to 3,600.</summary>
    public int AgeingSeconds { get; set; } = 10;

    /// <summary>
    /// Answers that a text model generates at once, from 1 to 256; each keeps a cache of the model's whole context. Fewer where memory is short.
    /// </summary>
    public int Slots { get; set; } = 8;

    /// <summary>Pictures of one size that an image model draws together, from 1 to 64.</summary>
    public int PicturesTogether { get; set; } = 4;

    /// <summary>
    /// What reading prompts may hold up the answers beside them between two tokens, in milliseconds, from 1 to 60,000: a long prompt is read in
    /// pieces that took no longer so far. A model whose single token takes longer than this reads a few tokens a piece.
    /// </summary>
    public int StepMilliseconds { get; set; } = 250;

    /// <summary>
    /// CPU threads of one model, from 1 to 1,024. A large text model works on each step with all of them; a small one (64 MB) answers its requests in
    /// as many batches side by side, among which the slots are divided.
    /// </summary>
    public int Threads { get; set; } = 1;
}
