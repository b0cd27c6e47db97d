namespace Portal.Commands.Bench;

/// <param name="Size">Pixels of each side.</param>
/// <param name="Streams">Pictures asked for at once.</param>
/// <param name="ImagesPerSecond">Of all streams together.</param>
/// <param name="AloneImagesPerSecond">One at a time, in the same run.</param>
/// <param name="StepMs">Milliseconds of a picture drawn alone, over its steps: text encoder and decoder are in it.</param>
public sealed record ImageFigures(string Model, int Size, int Steps, int Streams, decimal ImagesPerSecond, decimal AloneImagesPerSecond, decimal StepMs);
