using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Portal.Inference;
using Portal.Inference.Hosting;
using Portal.Inference.Onnx;
using Portal.Inference.Text;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Inference.Hosting;

/// <summary>Loading, unloading and finding folders while a host runs.</summary>
public sealed class ModelLifeTests : IDisposable
{
    private static readonly TextRequest Long = new([new("user", "What is a token?")], 40);

    private readonly TemporaryModels models = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => models.Dispose();

    [Fact]
    public async Task Unloading_lets_a_running_answer_end_and_takes_no_new_one()
    {
        await using var host = await Start("guide");
        var model = host.Text("guide")!;
        await using var answer = model.Generate(Long, Cancel).GetAsyncEnumerator(Cancel);
        Assert.True(await answer.MoveNextAsync());

        var unloading = host.Unload("guide")!;
        await Until.TrueAsync("the model takes no more", () => Task.FromResult(host.Text("guide") is null));
        Assert.Throws<ModelUnloadedException>(() => model.CountTokens(Long.Messages));
        await Assert.ThrowsAsync<ModelUnloadedException>(async () => await model.Generate(Long, Cancel).GetAsyncEnumerator(Cancel).MoveNextAsync());
        Assert.False(unloading.IsCompleted);
        var last = answer.Current;
        while (await answer.MoveNextAsync()) last = answer.Current;
        Assert.NotNull(last.Finish);
        await answer.DisposeAsync();

        await unloading.WaitAsync(Cancel);
        Assert.Equal(ModelState.Unloaded, Assert.Single(host.Models).State);
    }

    [Fact]
    public async Task What_runs_longer_than_the_grace_is_ended_and_keeps_what_it_delivered()
    {
        var time = new FakeTime();
        await using var host = await Start("guide", time);
        await using var answer = host.Text("guide")!.Generate(Long, Cancel).GetAsyncEnumerator(Cancel);
        Assert.True(await answer.MoveNextAsync());

        var unloading = host.Unload("guide")!;
        await Until.TrueAsync("the wait has begun", () => Task.FromResult(host.Models[0].State == ModelState.Unloading));
        await Until.TrueAsync("the wait is over", () =>
        {
            time.Advance(TimeSpan.FromSeconds(30));
            return Task.FromResult(unloading.IsCompleted);
        });

        Assert.Equal((ModelState.Unloaded, 1), (host.Models[0].State, answer.Current.Usage.OutputTokens));
    }

    [Fact]
    public async Task A_model_can_be_unloaded_and_loaded_again_and_asking_twice_is_asked_once()
    {
        await using var host = await Start("guide");

        var (first, second) = (host.Unload("guide"), host.Unload("guide"));
        Assert.Same(first, second);
        await first!.WaitAsync(Cancel);
        await host.Load("guide")!.WaitAsync(Cancel);

        Assert.Equal(new("guide", ModelKind.Text, ModelState.Ready), Assert.Single(host.Models));
        Assert.Equal(512, host.Text("guide")!.ContextLength);
        Assert.Null(host.Load("nothing"));
    }

    [Fact]
    public async Task A_scan_finds_new_folders_drops_deleted_ones_and_leaves_unloaded_ones_alone()
    {
        await using var host = await Start("first");
        await host.Unload("first")!.WaitAsync(Cancel);
        models.Copy(ShippedModels.Guide, "second");
        await host.Rescan().WaitAsync(Cancel);
        Assert.Equal([("first", ModelState.Unloaded), ("second", ModelState.Ready)], host.Models.Select(m => (m.Id, m.State)));

        Directory.Delete(Path.Combine(models.Directory, "second"), recursive: true);
        await host.Rescan().WaitAsync(Cancel);

        Assert.Equal(["first"], host.Models.Select(m => m.Id));
        Assert.Null(host.Text("second"));
    }

    [Fact]
    public async Task A_folder_that_goes_while_it_is_loaded_leaves_nothing_in_memory()
    {
        var model = new HostedModel(
            "guide", models.Copy(ShippedModels.Guide, "guide"), new InferenceOptions { Device = InferenceDevice.Cpu }, TimeProvider.System, NullLogger<ModelHost>.Instance);

        var loading = model.Load();
        await model.Leave().WaitAsync(Cancel);

        Assert.True(loading.IsCompletedSuccessfully);
        Assert.Equal(ModelState.Unloaded, model.Status.State);
        await model.Load().WaitAsync(Cancel);
        Assert.Equal(ModelState.Unloaded, model.Status.State);
    }

    [Fact, UnsupportedOSPlatform("windows")]
    public void A_directory_or_folder_that_must_not_be_read_is_listed_with_the_reason()
    {
        var closed = Directory.CreateDirectory(Path.Combine(models.Directory, "closed")).FullName;
        File.SetUnixFileMode(closed, UnixFileMode.None);
        ModelFolders? scanned = null;
        Exception? failed = null;
        Exception? refused = null;

        // Nothing is closed to the superuser: a thread of its own asks as nobody.
        var nobody = new Thread(() =>
        {
            if (Environment.IsPrivilegedProcess) _ = SetFileUser(65534);
            failed = Record.Exception(() => scanned = ModelFolders.Scan([closed, models.Directory]));
            refused = Record.Exception(() => ModelFolder.KindOf(closed));
        });
        File.SetUnixFileMode(models.Directory, File.GetUnixFileMode(models.Directory) | UnixFileMode.GroupRead | UnixFileMode.GroupExecute);
        nobody.Start();
        nobody.Join();

        Assert.Null(failed);
        Assert.Contains($"{closed} cannot be read", Assert.Single(scanned!.Broken).Value, StringComparison.Ordinal);
        Assert.Equal(closed, Assert.Single(scanned.Found).Value);
        Assert.True(scanned.MayHold(Path.Combine(closed, "guide")));
        Assert.Contains("cannot be read", Assert.IsType<InvalidDataException>(refused).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_folder_is_loaded_anew_and_a_broken_one_leaves_the_old_model_answering()
    {
        await using var host = await Start("guide");
        var before = host.Text("guide");
        var config = Path.Combine(models.Directory, "guide", "genai_config.json");
        var good = await File.ReadAllTextAsync(config, Cancel);

        await host.Rescan().WaitAsync(Cancel);
        Assert.Same(before, host.Text("guide"));
        await File.WriteAllTextAsync(config, good.Replace("\"context_length\": 512", "\"context_length\": 256", StringComparison.Ordinal), Cancel);
        await host.Rescan().WaitAsync(Cancel);
        Assert.Equal(256, host.Text("guide")!.ContextLength);
        Assert.Throws<ModelUnloadedException>(() => before!.CountTokens(Long.Messages));
        await File.WriteAllTextAsync(config, good[..100], Cancel);
        await host.Rescan().WaitAsync(Cancel);

        Assert.Equal((ModelState.Ready, 256), (host.Models[0].State, host.Text("guide")!.ContextLength));
        Assert.Contains("not valid JSON", host.Models[0].Reason, StringComparison.Ordinal);
        Assert.NotEmpty(await host.Text("guide")!.Generate(Long with { MaxTokens = 2 }, Cancel).ToListAsync(Cancel));
    }

    [Fact]
    public async Task The_report_tells_what_a_model_has_done()
    {
        await using var host = await Start("guide");
        var deltas = await host.Text("guide")!.Generate(Long with { MaxTokens = 5 }, Cancel).ToListAsync(Cancel);

        var report = Assert.Single(host.Reports);
        Assert.Equal((512, 1, 0, 0), (report.Limit, report.Figures.Requests, report.Figures.Failures, report.Running));
        Assert.Equal((deltas[^1].Usage.InputTokens, 5), (report.Figures.InputTokens, report.Figures.OutputTokens));
        Assert.True(report.Figures.FirstPiece > TimeSpan.Zero);
        Assert.Equal((4, 8), (report.Load!.Waiting.Count, report.Load.Places));
        Assert.True(report.Load.CacheBytes > 1_000_000);
    }

    [DllImport("libc", EntryPoint = "setfsuid")]
    private static extern int SetFileUser(int user);

    private async Task<ModelHost> Start(string name, TimeProvider? clock = null)
    {
        models.Copy(ShippedModels.Guide, name);
        var options = Options.Create(new InferenceOptions { Device = InferenceDevice.Cpu, ModelDirectories = [models.Directory] });
        var host = new ModelHost(options, clock ?? TimeProvider.System, NullLogger<ModelHost>.Instance);
        await host.StartAsync(Cancel);
        await host.Ready.WaitAsync(Cancel);
        return host;
    }
}
