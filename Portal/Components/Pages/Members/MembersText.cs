namespace Portal.Components.Pages.Members;

/// <summary>Names the resources beside this file.</summary>
public sealed class MembersText;
