namespace Portal.Inference.Images;

/// <summary>Sizes in pixels. A width and a height are each from <see cref="SizeMin"/> to <see cref="SizeMax"/> and a multiple of <see cref="SizeMultiple"/>.</summary>
public sealed record ImageLimits(int SizeMin, int SizeMax, int SizeMultiple, int SizeDefault, int StepsMax, int StepsDefault)
{
    public bool Allows(int width, int height, int steps) => IsSize(width) && IsSize(height) && steps >= 1 && steps <= StepsMax;

    private bool IsSize(int pixels) => pixels >= SizeMin && pixels <= SizeMax && pixels % SizeMultiple == 0;
}
