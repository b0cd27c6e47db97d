namespace Portal.Components.Pages.Invoices;

/// <summary>Names the resources beside this file.</summary>
public sealed class InvoicesText;
