using Portal.Inference;
using Portal.Commands.Bench.Marks;
using Portal.Inference.Images;
using Portal.Inference.Images.Watermark;

namespace Portal.Tests.Inference.Images;

public sealed class ImageModelTests(ShapesFixture shapes) : IClassFixture<ShapesFixture>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Limits_come_from_the_folder() => Assert.Equal(new ImageLimits(32, 128, 8, 64, 50, 9), shapes.Model.Limits);

    [Fact]
    public async Task Every_step_is_reported_and_the_last_brings_the_picture_and_the_usage()
    {
        var steps = await shapes.Model.Generate(new("a red circle on a blue background", 96, 64, 9, 1), Cancel).ToListAsync(Cancel);
        Assert.Equal(Enumerable.Range(1, 9), steps.Select(step => step.Step));
        Assert.All(steps, step => Assert.Equal(9, step.Steps));
        Assert.All(steps.SkipLast(1), step => Assert.True(step is { Png: null, Usage: null }));
        Assert.Equal(new ImageUsage(1, 96, 64, 9), steps[^1].Usage);
        var (width, height, rgb) = PngReader.Read(steps[^1].Png!);
        Assert.Equal((96, 64), (width, height));
        Assert.True(rgb[2] > 128 && rgb[0] < 128, "The corner is blue.");
    }

    [Fact]
    public async Task A_seed_gives_the_same_picture_again()
    {
        var request = new ImageRequest("two green triangles on white", 64, 64, 4, 42);
        Assert.Equal(await Picture(request), await Picture(request));
        Assert.NotEqual(await Picture(request), await Picture(request with { Seed = 43 }));
    }

    [Fact]
    public async Task The_seed_that_was_taken_is_told_and_gives_the_picture_again()
    {
        var request = new ImageRequest("a ring", 64, 64, 4, null);
        var first = await shapes.Model.Generate(request, Cancel).LastAsync(Cancel);
        Assert.Equal(PngReader.Read(first.Png!).Rgb, PngReader.Read((await Picture(request with { Seed = first.Seed }))!).Rgb);
    }

    [Fact]
    public async Task The_file_tells_how_to_get_the_picture_again()
    {
        var png = (await Picture(new("a ring, 一个圆环", 64, 96, 4, 42) { Guidance = 1.5f, NegativePrompt = "stars" }))!;
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["Software"] = "Portal", ["Source"] = "shapes", ["Description"] = "a ring, 一个圆环",
                ["Comment"] = "64x96, 4 steps, seed 42, guidance 1.5, without: stars",
            },
            PngReader.Texts(png));
    }

    [Fact]
    public async Task A_guided_step_counts_twice()
    {
        var last = await shapes.Model.Generate(new("a ring", 64, 64, 4, 1) { Guidance = 2 }, Cancel).LastAsync(Cancel);
        Assert.Equal((4, new ImageUsage(1, 64, 64, 8)), (last.Steps, last.Usage));
    }

    [Fact]
    public async Task Whatever_is_drawn_beside_it_a_seed_gives_its_picture()
    {
        ImageRequest[] requests = [.. Enumerable.Range(0, 9).Select(i => new ImageRequest($"{(i % 2 == 0 ? "a red ring" : "two green stars on black")}", 64, 64, i < 6 ? 6 : 5, i) { Guidance = i % 3 })];
        var alone = new List<byte[]>();
        foreach (var request in requests)
        {
            alone.Add(PngReader.Read((await Picture(request))!).Rgb);
        }

        var together = await Task.WhenAll(requests.Select(Picture));
        Assert.All(alone.Zip(together), pair => Assert.InRange(pair.First.Zip(PngReader.Read(pair.Second!).Rgb, (a, b) => Math.Abs(a - b)).Max(), 0, 1));
    }

    [Fact]
    public async Task One_of_several_drawn_together_may_leave()
    {
        using var leaves = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var request = new ImageRequest("a star", 128, 128, 20, 1);
        // Something to wait behind, so that the others are taken together.
        var before = Picture(request with { Steps = 3 });
        var stays = Picture(request);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in shapes.Model.Generate(request with { Seed = 2 }, leaves.Token))
            {
                await leaves.CancelAsync();
            }
        });
        Assert.NotNull(await before);
        Assert.Equal(PngReader.Read((await Picture(request))!).Rgb.Length, PngReader.Read((await stays)!).Rgb.Length);
    }

    [Fact]
    public async Task A_prompt_longer_than_the_model_reads_is_refused_with_the_counts_and_not_cut()
    {
        var prompt = string.Join(' ', Enumerable.Repeat("a red circle on a blue background", 100));
        ImageRequest[] requests = [new(prompt, 64, 64, 1, 1), new("a star", 64, 64, 1, 1) { Guidance = 1, NegativePrompt = prompt }];
        foreach (var request in requests)
        {
            var tooLong = await Assert.ThrowsAsync<PromptTooLongException>(() => Picture(request));
            Assert.Equal((shapes.Model.CountTokens(prompt), 48), (tooLong.InputTokens, tooLong.ContextLength));
            Assert.InRange(tooLong.InputTokens, 700, 2_000);
        }
    }

    [Theory]
    [InlineData(-0.1f)]
    [InlineData(20.1f)]
    [InlineData(float.NaN)]
    public async Task Guidance_beyond_its_range_is_refused(float guidance) =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Picture(new("a star", 64, 64, 1, 1) { Guidance = guidance }));

    [Fact]
    public void Png_holds_the_pixels_of_the_golden()
    {
        var golden = ShapesGolden.File.Cases[0];
        var planes = golden.Image;
        var (_, _, rgb) = PngReader.Read(PngEncoder.Encode(PngEncoder.Pixels(planes), golden.Width, golden.Height));
        var expected = Enumerable.Range(0, golden.Width * golden.Height)
            .SelectMany(pixel => Enumerable.Range(0, 3).Select(channel => planes[channel * golden.Width * golden.Height + pixel]))
            .Select(value => (byte)Math.Clamp(MathF.Round((value + 1) * 127.5f), 0, 255));
        Assert.Equal(expected, rgb);
    }

    [Fact]
    public async Task A_mark_changes_no_more_than_is_invisible_and_can_be_read_from_the_picture()
    {
        byte[] key = [1, 2, 3];
        var request = new ImageRequest("a red circle", 128, 128, 9, 7);
        var (_, _, plain) = PngReader.Read((await Picture(request))!);
        var (width, height, marked) = PngReader.Read((await Picture(request with { Mark = new(new WatermarkWriter(key), 0xABCD_1234_5678_9EF0) }))!);
        Assert.InRange(Distortion.Psnr(plain, marked), 40, 60);
        Assert.Equal(0xABCD_1234_5678_9EF0, new WatermarkReader(key).Read(marked, width, height)?.Payload);
        Assert.Null(new WatermarkReader(key).Read(plain, width, height));
    }

    [Fact]
    public async Task Leaving_after_a_step_lets_the_next_request_through()
    {
        await foreach (var step in shapes.Model.Generate(new("a star", 128, 128, 50, 1), Cancel))
        {
            Assert.Null(step.Png);
            break;
        }

        Assert.NotNull(await Picture(new("a star", 64, 64, 1, 1)));
    }

    [Fact]
    public async Task A_cancelled_request_ends_without_a_picture()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var steps = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var step in shapes.Model.Generate(new("a star", 128, 128, 50, 1), cancel.Token))
            {
                Assert.Null(step.Png);
                steps++;
                await cancel.CancelAsync();
            }
        });
        Assert.Equal(1, steps);
    }

    [Theory]
    [InlineData(60, 64, 9)]
    [InlineData(64, 136, 9)]
    [InlineData(24, 64, 9)]
    [InlineData(0, 64, 9)]
    [InlineData(-64, 64, 9)]
    [InlineData(64, 64, 0)]
    [InlineData(64, 64, 51)]
    public async Task A_size_or_step_count_beyond_the_limits_is_refused(int width, int height, int steps) =>
        await Assert.ThrowsAsync<ArgumentException>(() => Picture(new("a star", width, height, steps, 1)));

    [Fact]
    public async Task A_full_queue_is_busy()
    {
        using var model = ShippedModels.OpenShapes(new() { Device = InferenceDevice.Cpu, QueueMax = 1 });
        var request = new ImageRequest("a star", 128, 128, 50, 1);
        var waiting = new List<Task>();
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        // A request is in the queue when the call returns; each picture takes far longer than that.
        await Assert.ThrowsAsync<ModelBusyException>(async () =>
        {
            for (var i = 0; i < 100; i++)
            {
                var next = model.Generate(request, leave.Token).FirstAsync(leave.Token).AsTask();
                waiting.Add(next);
                if (next.IsFaulted)
                {
                    await next;
                }
            }
        });
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => Task.WhenAll(waiting));
    }

    [Fact]
    public async Task Who_leaves_the_queue_fills_no_place_in_it()
    {
        using var model = ShippedModels.OpenShapes(new() { Device = InferenceDevice.Cpu, QueueMax = 1, PicturesTogether = 1 });
        var request = new ImageRequest("a star", 128, 128, 50, 1);
        await using var drawing = model.Generate(request, Cancel).GetAsyncEnumerator(Cancel);
        Assert.True(await drawing.MoveNextAsync());
        for (var i = 0; i < 3; i++)
        {
            using var leaves = new CancellationTokenSource();
            await using var waiting = model.Generate(request, leaves.Token).GetAsyncEnumerator(Cancel);
            var first = waiting.MoveNextAsync();
            await leaves.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await first);
            Assert.Equal(0, model.Load.Waiting.Sum());
        }
    }

    private async Task<byte[]?> Picture(ImageRequest request) => (await shapes.Model.Generate(request, Cancel).LastAsync(Cancel)).Png;
}
