using Portal.Inference;
using Portal.Inference.Lanes;
using Portal.Inference.Onnx;
using Portal.Inference.Text;
using Portal.Inference.Text.Answers;
using Portal.Inference.Text.Engine;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Inference.Text.Engine;

public sealed class TextEngineTests
{
    private const int Answers = 6;

    [Fact]
    public async Task An_engine_beside_one_that_has_nothing_to_do_takes_one_answer_at_a_time()
    {
        var config = DecoderConfig.Read(ShippedModels.Guide);
        var sessions = new OnnxSessions(new InferenceOptions { Device = InferenceDevice.Cpu });
        using var tokenizer = new Tokenizer(ShippedModels.Guide);
        var queue = new LaneQueue<Answer>(Answers, TimeSpan.Zero, TimeProvider.System);
        var engines = new List<TextEngine>();
        TextEngine New() => new("guide", new Decoder(ShippedModels.Guide, config, sessions, 2, 1), queue, engines, TimeSpan.FromSeconds(1), TimeProvider.System, together: false);
        using var working = New();
        using var idle = New();
        engines.AddRange([working, idle]);
        for (var i = 0; i < Answers; i++)
        {
            Assert.True(queue.TryAdd(new Answer(new TextRequest([new("user", "")], 1000) { Sampling = new() { Temperature = 2, Seed = i } }, [1, 2, 3], config, tokenizer), Lane.Dedicated));
        }

        working.Start(new(All: 4, Engine: 0, Engines: 2));
        var most = 0;
        await Until.TrueAsync("all are taken", () =>
        {
            most = Math.Max(most, working.Active);
            return Task.FromResult(queue.Waiting.Sum() == 0);
        });

        Assert.InRange(most, 0, 1);
    }
}
