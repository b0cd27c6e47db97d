namespace Portal.Inference;

/// <param name="Id">The name of the model's folder.</param>
/// <param name="Kind">Told by the folder's files; null while they could not be read.</param>
/// <param name="State">Only a <see cref="ModelState.Ready"/> model takes requests.</param>
/// <param name="Reason">Why it is unavailable, for the operator, in English; null otherwise.</param>
public sealed record ModelStatus(string Id, ModelKind? Kind, ModelState State, string? Reason = null);
