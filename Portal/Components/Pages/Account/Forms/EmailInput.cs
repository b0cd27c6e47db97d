namespace Portal.Components.Pages.Account.Forms;

/// <summary>A form that asks for an address only.</summary>
public sealed class EmailInput
{
    public string? Email { get; set; }
}
