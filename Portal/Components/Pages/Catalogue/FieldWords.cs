using Microsoft.Extensions.Localization;
using Portal.Catalog.Editing;

namespace Portal.Components.Pages.Catalogue;

/// <summary>What the fields of plans and prices are called, and their values where they are not plain text.</summary>
internal static class FieldWords
{
    public static string Name(IStringLocalizer<CatalogueText> text, FieldChange change)
    {
        var name = text[$"Field.{change.Name}"];
        return change.Group.Length == 0 ? name : text["OfGroup", change.Group, name.Value];
    }

    /// <param name="value">Null: there is no such thing; empty: nothing is set.</param>
    public static string Value(IStringLocalizer<CatalogueText> text, string name, string? value) =>
        string.IsNullOrEmpty(value) ? text[value is null ? "NoSuchThing" : "NotSet"] : text[$"Value.{name}.{value}"] is { ResourceNotFound: false } word ? word : value;
}
