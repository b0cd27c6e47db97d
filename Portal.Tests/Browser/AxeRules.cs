namespace Portal.Tests.Browser;

/// <summary>Which of axe's rules are asked.</summary>
public enum AxeRules
{
    All,

    /// <summary>Those whose answer changes with the theme or the width.</summary>
    Drawing,

    /// <summary>Those whose answer may change with the language: all but the costly one about contrast.</summary>
    Words,
}
