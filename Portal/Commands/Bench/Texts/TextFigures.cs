namespace Portal.Commands.Bench.Texts;

/// <param name="Engine"><c>portal</c>, or <c>genai</c>: onnxruntime-genai's <c>Generator</c>, which answers one stream after the other.</param>
/// <param name="Threads">CPU threads of the engine.</param>
/// <param name="TokensPerSecond">Output tokens of all streams, prompts' reading included; the median round.</param>
/// <param name="FirstTokenIdleMs">From the request to its first token when nothing else is answered; the median.</param>
/// <param name="FirstTokenP95Ms">
/// Portal: of requests that arrive one by one while the other streams are being answered. Genai: of streams that ask at once and wait for their turn.
/// </param>
/// <param name="FirstTokenRatio">The portal's p95 under load to its idle median.</param>
/// <param name="IdenticalTokens">Both engines gave the same tokens for every prompt, the portal in a batch of all streams; null when one engine alone ran.</param>
/// <param name="Ratio">The portal's tokens per second to genai's of the same round; the median round. Null when one engine alone ran.</param>
/// <param name="BandwidthShare">
/// Bytes of weights × steps per second, taking every step for one token of every stream (so rather too low), to what this machine copies per second on as many threads.
/// </param>
/// <param name="WeightMb">The graph's files, 10^6 bytes.</param>
/// <param name="CopyGbPerSecond">10^9 bytes read and written elsewhere per second.</param>
public sealed record TextFigures(
    string Engine, int Streams, int Threads, decimal TokensPerSecond, decimal FirstTokenIdleMs, decimal FirstTokenP95Ms, decimal? FirstTokenRatio, bool? IdenticalTokens,
    decimal? Ratio, decimal BandwidthShare, decimal WeightMb, decimal CopyGbPerSecond);
