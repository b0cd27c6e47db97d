using Bunit;
using Portal.Components.Shared.Live;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Components.Shared.Live;

public sealed class LookAgainTests : ComponentTest
{
    private int looks;

    [Fact]
    public void A_look_that_fails_is_said_and_the_next_one_is_tried()
    {
        var away = true;
        var watch = Watch(() => away ? throw new TimeoutException("the database is away") : Task.CompletedTask);

        Time.Advance(TimeSpan.FromSeconds(2));
        watch.WaitForAssertion(() => Assert.Contains("brought up to date", watch.Find("[role=alert]").TextContent, StringComparison.Ordinal));

        away = false;
        Time.Advance(TimeSpan.FromSeconds(2));
        watch.WaitForAssertion(() => Assert.Empty(watch.FindAll("[role=alert]")));
        Assert.Equal(2, looks);
    }

    [Fact]
    public void Nobody_looks_while_nothing_can_change_or_after_the_page_was_left()
    {
        var watch = Watch(() => Task.CompletedTask, active: false);
        Time.Advance(TimeSpan.FromSeconds(10));
        watch.Render(p => p.Add(w => w.Active, true));
        Time.Advance(TimeSpan.FromSeconds(2));
        watch.WaitForAssertion(() => Assert.Equal(1, looks));

        watch.Instance.Dispose();
        Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(1, looks);
    }

    private IRenderedComponent<LookAgain> Watch(Func<Task> look, bool active = true) => Render<LookAgain>(p => p
        .Add(w => w.Every, TimeSpan.FromSeconds(2)).Add(w => w.Active, active)
        .Add(w => w.Look, () =>
        {
            looks++;
            return look();
        }));
}
