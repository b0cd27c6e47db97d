namespace Portal.Inference.Text;

public enum FinishReason
{
    /// <summary>The model ended its turn, or a stop string was reached.</summary>
    Stop,

    /// <summary>The request's output tokens or the model's context were used up.</summary>
    Length,
}
