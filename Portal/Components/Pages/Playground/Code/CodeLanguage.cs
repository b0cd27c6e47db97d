namespace Portal.Components.Pages.Playground.Code;

public enum CodeLanguage
{
    Curl,
    Python,
    JavaScript,
    CSharp,
}
