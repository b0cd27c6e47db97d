namespace Portal.Inference.Images.Watermark;

/// <summary>A mark that was read and whose tag proves it.</summary>
/// <param name="Payload">What was written.</param>
/// <param name="Pilot">How far the pilot stands out, in standard deviations of a picture without it; about 15 of an untouched mark, 4 of one hardly left.</param>
/// <param name="Bits">Coded bits, of which up to a quarter can be corrected.</param>
/// <param name="BitsWrong">Coded bits that were corrected.</param>
public sealed record WatermarkFinding(ulong Payload, double Pilot, int Bits, int BitsWrong);
