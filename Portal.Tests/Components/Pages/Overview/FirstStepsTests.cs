using Bunit;
using Portal.Components.Pages.Overview;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Components.Pages.Overview;

public sealed class FirstStepsTests : ComponentTest
{
    [Theory]
    [InlineData(false, false, false, "Top up")]
    [InlineData(true, false, false, "Choose a plan")]
    [InlineData(true, true, false, "Try a prompt")]
    [InlineData(false, true, true, "Top up")]
    public void The_first_step_that_is_not_done_is_the_next(bool toppedUp, bool hasPlan, bool everUsed, string next)
    {
        var steps = Show(toppedUp, hasPlan, everUsed);

        Assert.Equal(next, steps.Find("[aria-current=step] h3").TextContent.Trim());
    }

    [Fact]
    public void What_is_done_says_so_to_a_screen_reader_and_offers_nothing()
    {
        var steps = Show(toppedUp: true, hasPlan: false, everUsed: true);

        Assert.Equal(3, steps.FindAll("h3 .sr-only").Count);
        Assert.Equal("/plans", Assert.Single(steps.FindAll("a")).GetAttribute("href"));
    }

    [Fact]
    public void There_is_one_primary_action_until_the_top_up_and_none_after()
    {
        Assert.Single(Show(false, false, false).FindAll(".rz-primary"));
        Assert.Empty(Show(true, false, false).FindAll(".rz-primary"));
    }

    private IRenderedComponent<FirstSteps> Show(bool toppedUp, bool hasPlan, bool everUsed) => Render<FirstSteps>(p => p
        .Add(c => c.ToppedUp, toppedUp).Add(c => c.HasPlan, hasPlan).Add(c => c.EverUsed, everUsed));
}
