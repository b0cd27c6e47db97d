namespace Portal.Components.Pages.ApiDocs;

/// <summary>What the page shows how to do; a name of a resource each.</summary>
public enum ApiSample
{
    Chat,
    Stream,
    Image,
    Balance,
}
