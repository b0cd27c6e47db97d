namespace Portal.Accounts;

/// <summary>A page or endpoint that the staff may see as the customer sees it. Whatever has not got it does not exist on a visit.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SeenOnVisitsAttribute : Attribute;
