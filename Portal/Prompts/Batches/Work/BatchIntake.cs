using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Data;
using Portal.Data.Prompts;
using Portal.Inference;
using Portal.Prompts.Batches.Files;
using Portal.Prompts.Routing;

namespace Portal.Prompts.Batches.Work;

/// <summary>Reads a new batch's file into lines, or says what is wrong with it: one wrong line and nothing runs.</summary>
public sealed class BatchIntake(IDbContextFactory<PortalDb> databases, FileDesk files, PromptModels models, ModelRouter router, TimeProvider clock, IOptions<BatchesOptions> options)
{
    /// <summary>Of one line: what the API takes in one request.</summary>
    public const int LineBytesMax = 1 << 20;

    private const int ProblemsMax = 100;
    private const int LinesAtOnce = 200;
    private const int BytesAtOnce = 1 << 20;

    public async Task Run(Batch batch, CancellationToken cancel)
    {
        await Forget(batch.Id, cancel);
        var problems = new List<BatchProblem>();
        var total = 0;
        await foreach (var lines in Read(batch, problems, cancel))
        {
            total += lines.Count;
            await using var db = databases.CreateDbContext();
            db.BatchLines.AddRange(lines);
            await db.SaveChangesAsync(cancel);
        }

        if (problems.Count == 0 && total == 0)
        {
            problems.Add(new BatchProblem("empty_file", "The input file has no lines, or was deleted.", null, null));
        }

        await Conclude(batch, total, problems, cancel);
    }

    /// <summary>Lines in portions that are written at once. Once one is wrong, the others are only looked at.</summary>
    private async IAsyncEnumerable<List<BatchLine>> Read(
        Batch batch, List<BatchProblem> problems, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var reader = new LineReader(batch.Endpoint, await Models(batch.Endpoint, cancel));
        var (portion, bytes, number, count) = (new List<BatchLine>(), 0, 0, 0);
        await foreach (var line in FileLines.Of(files.Read(batch.InputFileId, cancel), LineBytesMax, cancel))
        {
            number++;
            if (line is not null && line.AsSpan().Trim(" \t\r"u8).IsEmpty)
            {
                continue;
            }

            if (++count > options.Value.LinesMax)
            {
                problems.Add(new BatchProblem("too_many_tasks", $"A batch takes {Whole(options.Value.LinesMax)} lines at most. Split the file.", null, number));
            }

            var result = line is not null
                ? reader.Read(WithoutMark(line, number), number)
                : new LineReader.Result(null, [], new BatchProblem("line_too_long", $"A line takes {Whole(LineBytesMax)} bytes at most.", null, number));
            if (result.Problem is { } problem)
            {
                problems.Add(problem);
            }

            if (problems.Count >= ProblemsMax || count > options.Value.LinesMax)
            {
                yield break;
            }

            if (problems.Count > 0)
            {
                continue;
            }

            portion.Add(new BatchLine { BatchId = batch.Id, Number = number, CustomId = result.CustomId!, Body = result.Body });
            bytes += result.Body.Length;
            if (portion.Count == LinesAtOnce || bytes > BytesAtOnce)
            {
                yield return portion;
                (portion, bytes) = ([], 0);
            }
        }

        if (portion.Count > 0)
        {
            yield return portion;
        }
    }

    private async Task<HashSet<string>> Models(string endpoint, CancellationToken cancel)
    {
        var (kind, unit) = endpoint == BatchEndpoints.Images ? (ModelKind.Image, Unit.Images) : (ModelKind.Text, Unit.Tokens);
        var aliases = (await router.All(unit, cancel)).Select(route => route.Alias!);
        return [.. models.All().Where(m => m.Kind is null || m.Kind == kind).Select(m => m.Id), .. aliases, Aliases.Auto];
    }

    private async Task Conclude(Batch batch, int total, List<BatchProblem> problems, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var db = databases.CreateDbContext();
        var open = db.Batches.Where(b => b.Id == batch.Id && b.Status == BatchStatus.Validating && b.LeasedBy == batch.LeasedBy);
        if (problems.Count == 0)
        {
            await open.ExecuteUpdateAsync(
                set => set.SetProperty(b => b.Status, BatchStatus.InProgress).SetProperty(b => b.InProgressAt, now).SetProperty(b => b.Total, total), cancel);
            return;
        }

        await Forget(batch.Id, cancel);
        var errors = JsonSerializer.Serialize(problems);
        await open.ExecuteUpdateAsync(
            set => set.SetProperty(b => b.Status, BatchStatus.Failed).SetProperty(b => b.EndedAt, now).SetProperty(b => b.Errors, errors), cancel);
    }

    /// <summary>What an intake that was broken off had read.</summary>
    private async Task Forget(Guid batchId, CancellationToken cancel)
    {
        await using var db = databases.CreateDbContext();
        await db.BatchLines.Where(l => l.BatchId == batchId).ExecuteDeleteAsync(cancel);
    }

    private static byte[] WithoutMark(byte[] line, int number) => number == 1 && line.AsSpan().StartsWith("\uFEFF"u8) ? line[3..] : line;

    private static string Whole(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
