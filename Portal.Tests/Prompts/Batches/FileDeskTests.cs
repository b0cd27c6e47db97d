using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Prompts.Batches;
using Portal.Prompts.Batches.Files;

namespace Portal.Tests.Prompts.Batches;

public sealed class FileDeskTests
{
    private static readonly CancellationToken Never = CancellationToken.None;

    [Theory, MemberData(nameof(Fixtures.Engines.Databases.All), MemberType = typeof(Fixtures.Engines.Databases))]
    public async Task A_file_comes_back_as_it_was_stored_whatever_its_size(DatabaseProvider provider)
    {
        await using var scene = await BatchScene.Start(provider);
        foreach (var size in (int[])[1, 256 * 1024, 256 * 1024 + 1, 1_000_000])
        {
            var bytes = new byte[size];
            new Random(size).NextBytes(bytes);

            var stored = (await scene.Files.Store(scene.Prompts.Owner, "some/folder/数据.jsonl", new MemoryStream(bytes))).Value;

            using var back = new MemoryStream();
            Assert.Null((await scene.Files.Send(scene.Prompts.Owner, stored.Id, back)).Refusal);
            Assert.Equal(bytes, back.ToArray());
            Assert.Equal(("数据.jsonl", (long)size), (stored.Name, stored.Bytes));
        }
    }

    [Fact]
    public async Task What_is_too_large_empty_or_broken_off_leaves_nothing()
    {
        await using var scene = await BatchScene.Start(options: new BatchesOptions { FileMegabytesMax = 1, AccountMegabytesMax = 1 });
        var owner = scene.Prompts.Owner;

        Assert.Equal("file.too-large", (await scene.Files.Store(owner, "a", new MemoryStream(new byte[1_000_001]))).Refusal?.Code);
        Assert.Equal("file.empty", (await scene.Files.Store(owner, "a", new MemoryStream())).Refusal?.Code);
        await Assert.ThrowsAsync<IOException>(() => scene.Files.Store(owner, "a", new BrokenStream()));

        await using var db = scene.Prompts.Database.Open();
        Assert.Equal((0, 0), (await db.StoredFiles.CountAsync(Never), await db.FileParts.CountAsync(Never)));
        Assert.Null((await scene.Files.Store(owner, "a", new MemoryStream(new byte[600_000]))).Refusal);
        Assert.Equal("file.account-full", (await scene.Files.Store(owner, "b", new MemoryStream(new byte[600_000]))).Refusal?.Code);
    }

    [Fact]
    public async Task Files_that_arrive_at_the_same_time_share_what_the_account_may_store()
    {
        await using var scene = await BatchScene.Start(options: new BatchesOptions { FileMegabytesMax = 1, AccountMegabytesMax = 1 });
        var owner = scene.Prompts.Owner;
        Refusal? second = null;

        var first = await scene.Files.Store(owner, "a", new ThenStream(
            new byte[600_000], async () => second = (await scene.Files.Store(owner, "b", new MemoryStream(new byte[600_000]))).Refusal));

        Assert.Null(first.Refusal);
        Assert.Equal("file.account-full", second?.Code);
    }

    [Fact]
    public async Task Files_are_deleted_when_their_days_are_over()
    {
        await using var scene = await BatchScene.Start(options: new BatchesOptions { KeptDays = 2 });
        var file = await scene.Upload("x");
        scene.Prompts.Time.Advance(TimeSpan.FromDays(1));
        await scene.Upload("y");

        Assert.Equal(0, await scene.Files.Prune(Never));
        scene.Prompts.Time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(1, await scene.Files.Prune(Never));

        Assert.Equal(Refusal.NotFound, (await scene.Files.Find(scene.Prompts.Owner, file.Id)).Refusal);
        await using var db = scene.Prompts.Database.Open();
        Assert.Equal("y", Encoding.UTF8.GetString((await db.FileParts.SingleAsync(Never)).Data));
    }

    [Fact]
    public async Task A_list_goes_on_after_the_last_one_seen()
    {
        await using var scene = await BatchScene.Start();
        var names = new List<string> { "a", "b", "c" };
        foreach (var name in names)
        {
            scene.Prompts.Time.Advance(TimeSpan.FromSeconds(1));
            await scene.Upload(name, name);
        }

        var first = (await scene.Files.List(scene.Prompts.Owner, FilePurposes.Input, null, false, 2, Never)).Value;
        var rest = (await scene.Files.List(scene.Prompts.Owner, FilePurposes.Input, first[1].Id, false, 2, Never)).Value;

        Assert.Equal(["c", "b", "a"], first.Concat(rest).Select(f => f.Name));
        Assert.Empty((await scene.Files.List(scene.Prompts.Owner, FilePurposes.Output, null, true, 9, Never)).Value);
        Assert.Equal(Refusal.NotFound, (await scene.Files.List(scene.Prompts.Owner, null, Guid.NewGuid(), true, 9, Never)).Refusal);
    }

    /// <summary>Lets something happen before it tells that it is at its end.</summary>
    private sealed class ThenStream(byte[] content, Func<Task> then) : MemoryStream(content)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Position == Length) await then();
            return await base.ReadAsync(buffer, cancellationToken);
        }
    }

    /// <summary>Breaks after its first bytes.</summary>
    private sealed class BrokenStream : MemoryStream
    {
        private bool begun;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (begun) throw new IOException("the connection is gone");
            begun = true;
            return ValueTask.FromResult(buffer.Length);
        }
    }
}
