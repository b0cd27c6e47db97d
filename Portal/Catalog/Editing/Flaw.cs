namespace Portal.Catalog.Editing;

/// <summary>What is wrong with something that was written for the catalogue.</summary>
/// <param name="Path">Where: of a plan or of prices, e.g. <c>rates[2].perUnit</c>.</param>
/// <param name="Refusal">Its first argument names the thing; it has three at most.</param>
public sealed record Flaw(string Path, Refusal Refusal);
