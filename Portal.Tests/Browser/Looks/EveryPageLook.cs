namespace Portal.Tests.Browser.Looks;

/// <summary>Every page, as everybody who sees it: a picture is kept, axe finds nothing, nothing sticks out, no words run together.</summary>
public sealed class EveryPageLook(LooksPortal portal) : BrowserTest(portal), IClassFixture<LooksPortal>
{
    private static readonly Dictionary<string, Func<Tour, Task>> Tours = new(StringComparer.Ordinal)
    {
        ["nobody"] = OpenPages.SeeAsync,
        ["newcomer"] = CustomerPages.SeeEmptyAsync,
        ["customer"] = CustomerPages.SeeAsync,
        ["owner"] = SchoolPages.SeeAsOwnerAsync,
        ["student"] = SchoolPages.SeeAsStudentAsync,
        ["support"] = StaffPages.SeeAsSupportAsync,
        ["administrator"] = StaffPages.SeeAsAdministratorAsync,
    };

    /// <summary>One for each language. Chinese says the same in less width: the phone is where it could lack room.</summary>
    private static readonly Look[] Starts = [new(), new("zh-CN", Width: Look.Phone)];

    public static TheoryData<string, Look> All => [.. from person in Tours.Keys from look in Starts select (person, look)];

    [Theory, MemberData(nameof(All))]
    public async Task Every_page_is_good(string person, Look look)
    {
        var tour = new Tour(App, await portal.Scene, await ArriveAsync(look));

        await Tours[person](tour);

        Assert.True(tour.Findings.Count == 0, string.Join("\n\n", tour.Findings));
    }
}
