using Microsoft.Extensions.DependencyInjection;
using Portal.Data.Accounts;
using Portal.Jobs;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Jobs;

public sealed class ScheduleTests(PortalApp portal) : IClassFixture<PortalApp>
{
    private static readonly Caller Customer = new(
        Guid.NewGuid(), "a@example.com", "A", Guid.NewGuid(), AccountKind.Personal, "A", "UTC", Guid.NewGuid(), MemberRole.Owner, Guid.NewGuid(), null, false, false);

    private static readonly Caller Administrator = Customer with { IsAdministrator = true };

    public static TheoryData<string> Names => [.. Schedule.Jobs.Select(job => job.Name)];

    [Theory, MemberData(nameof(Names))]
    public async Task A_job_run_twice_in_a_row_finds_nothing_left_to_do(string name)
    {
        var job = Schedule.Find(name)!;
        await job.Run(portal.Services, TestContext.Current.CancellationToken);

        Assert.Null(await job.Run(portal.Services, TestContext.Current.CancellationToken));
        await Books.AssertClean(portal.Database.Factory);
    }

    [Fact]
    public async Task An_administrator_runs_a_job_now_and_sees_it_in_the_history()
    {
        var board = portal.Services.GetRequiredService<JobBoard>();

        Assert.True((await board.RunNow(Administrator, "expire")).IsDone(out _));

        await Until.TrueAsync("the run is in the history", async () => (await board.Recent(Administrator, "expire")).Value.Any(run => run is { Manual: true, Succeeded: true }));
        var jobs = (await board.List(Administrator)).Value;
        Assert.Equal(Schedule.Jobs.Select(job => job.Name), jobs.Select(job => job.Name));
        Assert.All(jobs, job => Assert.NotNull(job.NextRun));
    }

    [Fact]
    public async Task Nobody_else_sees_or_runs_jobs()
    {
        var board = portal.Services.GetRequiredService<JobBoard>();

        Assert.Equal(Refusal.NotFound, (await board.List(Customer)).Refusal);
        Assert.Equal(Refusal.NotFound, (await board.Recent(Customer with { IsSupport = true }, null)).Refusal);
        Assert.Equal(Refusal.NotFound, (await board.RunNow(Customer, "expire")).Refusal);
        Assert.Equal(Refusal.NotFound, (await board.RunNow(Administrator, "no-such-job")).Refusal);
    }
}
