namespace Portal.Payments.Sandbox.Hosted;

/// <summary>Names the words of the hosted pages.</summary>
public sealed class SandboxText;
