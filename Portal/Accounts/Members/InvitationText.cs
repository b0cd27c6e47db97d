namespace Portal.Accounts.Members;

/// <summary>Names the resources beside this file.</summary>
public sealed class InvitationText;
