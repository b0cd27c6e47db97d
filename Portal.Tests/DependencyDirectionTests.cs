using System.Text.RegularExpressions;
using System.Xml.Linq;
using Portal.Tests.Fixtures;

namespace Portal.Tests;

/// <summary>Who may know whom: projects, and the folders of Portal.</summary>
public sealed partial class DependencyDirectionTests
{
    private static readonly string[] Outside = ["Components", "Jobs", "Commands", "Database"];

    /// <summary>The feature folders of Portal, each with the siblings that it may use.</summary>
    public static TheoryData<string, string[]> Features => new()
    {
        { "Catalog", [] },
        { "Billing", ["Catalog"] },
        { "Accounts", ["Catalog", "Billing"] },
        { "Payments", ["Catalog", "Billing", "Accounts"] },
        { "Prompts", ["Catalog", "Billing", "Accounts", "Usage"] },
        { "Usage", ["Catalog", "Billing", "Accounts"] },
        { "Support", ["Catalog", "Billing", "Accounts", "Payments", "Usage"] },
    };

    [Theory]
    [InlineData("Portal.Data")]
    [InlineData("Portal.Inference")]
    [InlineData("Portal", "Portal.Data", "Portal.Inference")]
    public void A_project_refers_to_no_other_than(string project, params string[] allowed)
    {
        var references = XDocument.Load(Path.Combine(RepositoryFolder.Root, project, $"{project}.csproj")).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));

        Assert.Equal(allowed, references.Where(name => name != "Portal.Inference.OnnxRuntime").Order());
    }

    [Theory, MemberData(nameof(Features))]
    public void A_feature_uses_no_sibling_but(string feature, string[] allowed)
    {
        var wrong = from file in SourceFile.Code
                    where file.IsIn($"Portal/{feature}")
                    from line in file.Find(PortalNamespace())
                    from Match match in PortalNamespace().Matches(line)
                    let used = match.Groups["folder"].Value
                    where used != feature && !allowed.Contains(used)
                    select line;

        SourceFile.AssertNone(wrong);
    }

    [Fact]
    public void Every_folder_of_the_portal_is_one_that_the_design_names()
    {
        var folders = SourceFile.Tracked.Select(path => path.Split('/')).Where(parts => parts.Length > 2 && parts[0] == "Portal").Select(parts => parts[1]);

        SourceFile.AssertNone(folders.Distinct().Except([.. Outside, .. Features.Select(row => row.Data.Item1), "wwwroot", "Properties"]));
    }

    [Fact]
    public void Pages_open_no_database() =>
        SourceFile.AssertNone(SourceFile.Code.Where(file => file.IsIn("Portal/Components")).SelectMany(file => file.Find(Database())));

    [Fact]
    public void The_ledger_alone_writes_money_and_quota() =>
        SourceFile.AssertNone(SourceFile.Code.Where(file => file.IsIn("Portal") && !file.IsIn("Portal/Billing")).SelectMany(file => file.Find(LedgerWrite())));

    [GeneratedRegex(@"\bPortal\.(?<folder>Accounts|Catalog|Billing|Payments|Prompts|Usage|Support|Jobs|Commands|Components)\b")]
    private static partial Regex PortalNamespace();

    [GeneratedRegex(@"\b(PortalDb|PortalDbFactory|IDbContextFactory|Microsoft\.EntityFrameworkCore)\b")]
    private static partial Regex Database();

    [GeneratedRegex(@"\b(Transfers|LedgerAccounts|Holds|Counters)\.(Add|AddRange|Remove|RemoveRange|Update|ExecuteUpdate|ExecuteDelete)(Async)?\(|\bnew (Transfer|LedgerAccount|Hold|Counter)\b")]
    private static partial Regex LedgerWrite();
}
