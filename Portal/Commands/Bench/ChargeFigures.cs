namespace Portal.Commands.Bench;

/// <param name="Charges">In the measured seconds at the peak.</param>
/// <param name="ProcessorMicros">What a charge costs all cores together, its caller and the moving of the log included: it varies less than the disk.</param>
/// <param name="CommandsPerCommit">At the peak: holds and settles that shared a sync of the disk.</param>
/// <param name="HoldP50Ms">Of a hold, from the call to the answer, at half of the peak's load.</param>
/// <param name="HoldP99Ms">As the median; at half of the peak's load.</param>
/// <param name="PeakHoldP99Ms">At the peak itself.</param>
/// <param name="NaiveChargesPerSecond">One EF transaction a step.</param>
/// <param name="BareChargesPerSecond">The same rows through prepared statements in batches, without logic.</param>
/// <param name="PgbenchTps">pgbench's TPC-B on the same server; null elsewhere.</param>
/// <param name="Overspent">Accounts below their floor.</param>
/// <param name="RssMbByQuarter">After each quarter of the peak: the same all along, however many charges there were.</param>
/// <param name="Verify"><c>clean</c>, or what the verifier found first.</param>
public sealed record ChargeFigures(
    string Database, int Wallets, int Concurrency, int Seconds, long Charges, decimal ChargesPerSecond, decimal ProcessorMicros, decimal CommandsPerCommit, decimal HoldP50Ms, decimal HoldP99Ms, decimal PeakHoldP99Ms,
    decimal NaiveChargesPerSecond, decimal BareChargesPerSecond, decimal? PgbenchTps, int Overspent, long RssMb, IReadOnlyList<long> RssMbByQuarter, string Verify);
