using Portal.Inference.Images.Watermark;

namespace Portal.Inference.Images;

/// <summary>An invisible mark to be put into a picture before it leaves the engine.</summary>
public sealed record ImageMark(WatermarkWriter Writer, ulong Payload);
