using System.Text.RegularExpressions;
using Portal.Prompts.Requests;

namespace Portal.Prompts.Routing;

/// <summary>The aliases that mean something to prices and priorities, and what a name may look like.</summary>
public static partial class Aliases
{
    /// <summary>Names no model: the request's priority chooses.</summary>
    public const string Auto = "auto";

    public const string Flagship = "flagship";
    public const string Previous = "previous";
    public const string Light = "light";

    public const int NameLengthMax = 40;

    /// <summary>Without a priority the flagship answers.</summary>
    public static string For(Priority? priority) => priority switch
    {
        Priority.Normal => Previous,
        Priority.Batch => Light,
        _ => Flagship,
    };

    public static bool IsName(string name) => name.Length <= NameLengthMax && name != Auto && Name().IsMatch(name);

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9._-]*\z")]
    private static partial Regex Name();
}
