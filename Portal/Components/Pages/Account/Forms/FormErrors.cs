using Microsoft.AspNetCore.Identity;

namespace Portal.Components.Pages.Account.Forms;

/// <summary>What is wrong with a posted form: a sentence for a field, or for the whole form (the empty name).</summary>
public sealed class FormErrors
{
    public const string Form = "";

    private readonly Dictionary<string, string> sentences = new(StringComparer.Ordinal);

    public bool Any => sentences.Count > 0;

    public string? this[string field] => sentences.GetValueOrDefault(field);

    /// <summary>The first sentence for a field stays.</summary>
    public void Add(string field, string sentence) => sentences.TryAdd(field, sentence);

    /// <summary>Files Identity's complaints under the field that each is about.</summary>
    public void Add(IdentityResult result, string passwordField)
    {
        foreach (var error in result.Errors)
            Add(error.Code.StartsWith("Password", StringComparison.Ordinal) ? passwordField : Form, error.Description);
    }
}
