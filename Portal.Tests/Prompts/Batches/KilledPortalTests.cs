using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Accounts;
using Portal.Data.Accounts;
using Portal.Data.Prompts;
using Portal.Prompts.Batches;
using Portal.Prompts.Batches.Files;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Prompts.Batches;

/// <summary>The portal as a process that is killed in the middle of its work.</summary>
public sealed class KilledPortalTests
{
    private const int Lines = 40;
    private const int LinesBefore = 2;

    private readonly string folder = TestRun.NewFolder();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_killed_portal_serves_again_and_answers_and_charges_each_line_of_its_batch_once()
    {
        await using var database = await TestDatabase.CreateAsync();
        await Give(database);
        // One line after another, so that it is still at them when it is killed.
        await using (var portal = await PortalProcess.ServeAsync(database, folder, ("Batches:Parallel", "1")))
        {
            await Until.TrueAsync("some lines are answered", async () => (await Read(database)).Completed >= LinesBefore);
            await portal.KillAsync();
        }

        Assert.InRange((await Read(database)).Completed, LinesBefore, Lines - 1);
        await ForgetTheDead(database);
        await using var again = await PortalProcess.ServeAsync(database, folder);
        await Until.TrueAsync("the batch has ended", async () => (await Read(database)).EndedAt is not null);
        Assert.Equal(0, await again.StopAsync());

        var batch = await Read(database);
        Assert.Equal((BatchStatus.Completed, Lines, 0), (batch.Status, batch.Completed, batch.Failed));
        await using var db = database.Open();
        var charges = await db.UsageRecords.Select(u => u.ChargedNanos).ToListAsync(Cancel);
        Assert.Equal((Lines, batch.ChargedNanos), (charges.Count, charges.Sum()));
        var parts = await db.FileParts.Where(p => p.FileId == batch.OutputFileId).OrderBy(p => p.Number).Select(p => p.Data).ToListAsync(Cancel);
        var answers = Encoding.UTF8.GetString([.. parts.SelectMany(part => part)]).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Enumerable.Range(0, Lines).Select(i => $"line-{i}"), answers.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("custom_id").GetString()));
        await Books.AssertClean(database.Factory);
    }

    /// <summary>A customer's batch, given before there is a portal to run it.</summary>
    private static async Task Give(TestDatabase database)
    {
        var (account, seat) = await Books.OpenAccount(database.Factory, TimeProvider.System);
        await Books.TopUp(database.Factory, TimeProvider.System, account.Id, yuan: 10);
        await using var db = database.Open();
        var project = await db.Projects.Where(p => p.AccountId == account.Id).Select(p => p.Id).SingleAsync(Cancel);
        var owner = new Caller(seat.PersonId, "", "", account.Id, AccountKind.Personal, "", "Asia/Shanghai", seat.Id, seat.Role, project, null, false, false);
        using var signal = new BatchSignal();
        var desk = new BatchDesk(database.Factory, new FileDesk(database.Factory, TimeProvider.System, Options.Create(new BatchesOptions())), signal, TimeProvider.System);
        using var file = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, Lines).Select(i => BatchScene.Line($"line-{i}")))));
        Assert.Null((await desk.Submit(owner, "night.jsonl", file, Cancel)).Refusal);
    }

    private static async Task<Batch> Read(TestDatabase database)
    {
        await using var db = database.Open();
        return await db.Batches.AsNoTracking().SingleAsync(Cancel);
    }

    /// <summary>As if it had not been heard of for as long as another waits before it takes over.</summary>
    private static async Task ForgetTheDead(TestDatabase database)
    {
        await using var db = database.Open();
        await db.Batches.ExecuteUpdateAsync(set => set.SetProperty(b => b.LeasedUntil, b => b.CreatedAt), Cancel);
    }
}
