using Microsoft.EntityFrameworkCore;
using Portal.Commands.Bench.Marks;
using Portal.Data;
using Portal.Inference.Images;
using Portal.Prompts.Marks;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Prompts.Marks;

public sealed class PictureTracerTests
{
    private const int Size = 256;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_picture_leads_to_its_request_and_the_audit_tells_who_asked(DatabaseProvider provider)
    {
        await using var scene = await PromptScene.Start(provider, yuan: 10);
        var marks = new PictureMarks(scene.Database.Factory, scene.Time);
        var prompt = PromptScene.Draw();
        scene.Images.Step(18);
        Assert.NotNull((await scene.Run(prompt)).Receipt);
        Assert.NotNull((await scene.Run(PromptScene.Draw())).Receipt);
        var png = Png(await marks.For(scene.Owner.AccountId, prompt.Id, Cancel));
        var staff = scene.Owner with { IsSupport = true };

        // Another node reads what this one wrote: the key is the database's.
        using var tracer = new PictureTracer(scene.Database.Factory, new PictureMarks(scene.Database.Factory, scene.Time), scene.Time);
        var trace = (await tracer.Trace(staff, png, Cancel)).Value;

        Assert.Equal((Size, Size, MarkEvidence.Clear, DateOnly.FromDateTime(scene.Time.GetUtcNow().UtcDateTime)), (trace.Width, trace.Height, trace.Evidence, trace.Day));
        Assert.Equal(scene.Owner.AccountId, Assert.Single(trace.Accounts).Id);
        var request = Assert.Single(trace.Requests);
        Assert.Equal((prompt.Id, scene.Owner.AccountId, "shapes", false), (request.Id, request.AccountId, request.Model, request.ByKey));
        await using var db = scene.Database.Open();
        var deed = await db.AuditEntries.SingleAsync(Cancel);
        Assert.Equal(("picture.traced", staff.PersonId, scene.Owner.AccountId, $"{prompt.Id}"), (deed.Action, deed.PersonId, deed.AccountId!.Value, deed.Subject));
    }

    [Fact]
    public async Task A_request_that_was_not_charged_still_has_its_account_and_day()
    {
        await using var scene = await PromptScene.Start();
        var marks = new PictureMarks(scene.Database.Factory, scene.Time);
        using var tracer = new PictureTracer(scene.Database.Factory, marks, scene.Time);

        var trace = (await tracer.Trace(scene.Owner with { IsSupport = true }, Png(await marks.For(scene.Owner.AccountId, Guid.NewGuid(), Cancel)), Cancel)).Value;

        Assert.Equal(scene.Owner.AccountId, Assert.Single(trace.Accounts).Id);
        Assert.Empty(trace.Requests);
        Assert.NotNull(trace.Day);
    }

    [Fact]
    public async Task A_picture_without_a_mark_says_so_and_leaves_no_trace()
    {
        await using var scene = await PromptScene.Start();
        using var tracer = new PictureTracer(scene.Database.Factory, new PictureMarks(scene.Database.Factory, scene.Time), scene.Time);

        var trace = (await tracer.Trace(scene.Owner with { IsAdministrator = true }, Png(mark: null), Cancel)).Value;

        Assert.Null(trace.Evidence);
        Assert.Empty(trace.Accounts);
        await using var db = scene.Database.Open();
        Assert.False(await db.AuditEntries.AnyAsync(Cancel));
    }

    [Fact]
    public async Task What_is_no_picture_or_too_large_is_refused_and_only_staff_ask()
    {
        await using var scene = await PromptScene.Start();
        using var tracer = new PictureTracer(scene.Database.Factory, new PictureMarks(scene.Database.Factory, scene.Time), scene.Time);
        var staff = scene.Owner with { IsSupport = true };
        var png = Png(mark: null);
        var huge = (byte[])png.Clone();
        huge[16] = 0x10;

        Assert.Equal(Refusal.NotFound, (await tracer.Trace(scene.Owner, png, Cancel)).Refusal);
        Assert.Equal("picture.format", (await tracer.Trace(staff, "<svg/>"u8.ToArray(), Cancel)).Refusal?.Code);
        Assert.Equal("picture.damaged", (await tracer.Trace(staff, png[..200], Cancel)).Refusal?.Code);
        Assert.Equal("picture.pixels", (await tracer.Trace(staff, huge, Cancel)).Refusal?.Code);
        Assert.Equal("picture.file", (await tracer.Trace(staff, new byte[PictureTracer.FileBytesMax + 1], Cancel)).Refusal?.Code);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Two_nodes_that_start_at_once_agree_on_one_key(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var time = new FakeTime();
        var nodes = Enumerable.Range(0, 4).Select(_ => new PictureMarks(database.Factory, time)).ToList();
        var account = Guid.NewGuid();

        var pictures = await Task.WhenAll(nodes.Select(async node => Pixels(await node.For(account, account, Cancel))));

        Assert.All(pictures, picture => Assert.Equal(pictures[0], picture));
        await using var db = database.Open();
        Assert.Single(await db.StoredSecrets.ToListAsync(Cancel));
    }

    private static byte[] Png(ImageMark? mark) => PngEncoder.Encode(Pixels(mark), Size, Size);

    private static byte[] Pixels(ImageMark? mark)
    {
        var rgb = BenchPicture.Paint("photo", Size, 1);
        mark?.Writer.Write(rgb, Size, Size, mark.Payload);
        return rgb;
    }
}
