namespace Portal.Accounts;

/// <summary>A page outlived its person's right to be there. The layout's error boundary answers it with the sign-in page.</summary>
public sealed class CallerGoneException() : Exception("The signed-in person may no longer act in any account.");
