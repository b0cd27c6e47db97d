namespace Portal.Commands.Bench.Gateway;

/// <summary>What the gateway adds to a request: the percentiles with its work less those of the same endpoint without it.</summary>
/// <param name="RequestsPerSecond">That were answered, of each endpoint.</param>
/// <param name="AddedCpuMs">Processor time of a request, which others on the machine do not change.</param>
/// <param name="Failed">Answers other than 200.</param>
/// <param name="Verify"><c>clean</c>, or what is wrong with the books afterwards.</param>
public sealed record GatewayFigures(
    string Bench, string Database, int ProcessorCount, int Requests, decimal RequestsPerSecond, decimal AddedP50Ms, decimal AddedP99Ms, decimal BareP50Ms, decimal BareP99Ms,
    decimal GatewayP50Ms, decimal GatewayP99Ms, decimal AddedCpuMs, int Failed, string Verify);
