using System.Text.RegularExpressions;
using Portal.Tests.Fixtures;

namespace Portal.Tests;

/// <summary>What the houses' files must look like, checked as text.</summary>
public sealed partial class HouseRulesTests
{
    private const int LinesMax = 350;

    [Fact]
    public void The_top_level_holds_the_four_projects_and_what_builds_them()
    {
        string[] allowed =
        [
            "Portal", "Portal.Data", "Portal.Inference", "Portal.Tests", "Portal.sln", "appsettings.json", "README.md",
            "Directory.Build.props", "Directory.Packages.props", "global.json",
        ];

        SourceFile.AssertNone(SourceFile.Tracked.Select(path => path.Split('/')[0]).Distinct().Where(name => name[0] != '.').Except(allowed));
    }

    [Fact]
    public void No_file_is_too_long_to_read() =>
        SourceFile.AssertNone(SourceFile.All.Where(file => file.Lines.Length > LinesMax && !file.IsIn("Portal.Data/Migrations") && !file.Path.EndsWith(".resx", StringComparison.Ordinal))
            .Select(file => $"{file.Path}: {file.Lines.Length} lines"));

    [Fact]
    public void The_time_comes_from_the_injected_clock() =>
        SourceFile.AssertNone(Code("Portal", "Portal.Data", "Portal.Inference").SelectMany(file => file.Find(Clock())));

    [Fact]
    public void Money_is_never_a_floating_point_number() =>
        SourceFile.AssertNone(Code("Portal/Billing", "Portal/Catalog", "Portal/Payments", "Portal/Support", "Portal.Data").SelectMany(file => file.Find(FloatingPoint())));

    [Fact]
    public void Tests_wait_for_conditions_and_not_for_time() =>
        SourceFile.AssertNone(Code("Portal.Tests").SelectMany(file => file.Find(Sleep())));

    [Fact]
    public void Nothing_is_left_for_later() =>
        SourceFile.AssertNone(SourceFile.All.SelectMany(file => file.Find(Later(), comments: true)));

    [Fact]
    public void A_namespace_follows_its_folder()
    {
        var wrong = from file in SourceFile.Code
                    let line = file.Lines.FirstOrDefault(line => line.StartsWith("namespace ", StringComparison.Ordinal))
                    where line is not null && line != $"namespace {Path.GetDirectoryName(file.Path)!.Replace('/', '.')};"
                    select $"{file.Path}: {line}";
        SourceFile.AssertNone(wrong);
    }

    private static IEnumerable<SourceFile> Code(params string[] folders) => SourceFile.Code.Where(file => folders.Any(file.IsIn));

    [GeneratedRegex(@"\b(DateTime|DateTimeOffset)\.(UtcNow|Now|Today)\b|\bEnvironment\.TickCount")]
    private static partial Regex Clock();

    [GeneratedRegex(@"\b(double|float|Double|Single)\b")]
    private static partial Regex FloatingPoint();

    [GeneratedRegex(@"\bThread\.Sleep\(|\bTask\.Delay\((\d|TimeSpan\.From\w+\([^,]*\)\)?;)|\bWaitForTimeoutAsync\(")]
    private static partial Regex Sleep();

    [GeneratedRegex(@"\b(TO" + @"DO|FIX" + @"ME|HA" + @"CK)\b|\bNotImplemented" + "Exception")]
    private static partial Regex Later();
}
