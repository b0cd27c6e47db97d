namespace Portal.Tests.Fixtures.Running;

/// <summary>Somebody whose password is <see cref="People.Password"/>.</summary>
public sealed record TestPerson(Guid Id, string Email, Guid AccountId);
