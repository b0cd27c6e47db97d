namespace Portal.Commands.Bench;

/// <param name="Count">Subscriptions that were due.</param>
/// <param name="Seconds">Of the run that renewed them.</param>
/// <param name="Invoices">That it issued.</param>
/// <param name="Duplicates">Periods and invoices beyond one a subscription, after a second run.</param>
/// <param name="Verify"><c>clean</c>, or what the verifier found first.</param>
public sealed record RenewalFigures(string Database, int Count, decimal Seconds, int Invoices, int Duplicates, string Verify);
