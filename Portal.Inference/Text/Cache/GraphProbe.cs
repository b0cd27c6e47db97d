using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Portal.Inference.Onnx;
using Portal.Inference.Text.Engine;

namespace Portal.Inference.Text.Cache;

/// <summary>Tries a graph with one token, before memory is laid out for it, to learn what its files do not say.</summary>
internal static class GraphProbe
{
    private const int Past = 4;

    /// <summary>
    /// Whether the graph keeps its cache in the buffer that it is given. It is fed a past with more room than the mask counts: one with
    /// GroupQueryAttention leaves the present as long as that, any other makes it longer or refuses the mask.
    /// </summary>
    /// <exception cref="InvalidDataException">The graph does not run as <c>genai_config.json</c> says.</exception>
    public static bool KeepsItsBuffer(InferenceSession session, DecoderConfig config, CacheShape shape, OnnxSessions sessions)
    {
        try
        {
            if (PresentLength(session, config, shape, sessions, maskWidth: 2) == Past)
            {
                return true;
            }
        }
        catch (OnnxRuntimeException)
        {
            // Such a mask fits no growing cache. Whether the graph is one, or broken, the next run tells.
        }

        try
        {
            return PresentLength(session, config, shape, sessions, maskWidth: Past + 1) == Past + 1
                ? false
                : throw new InvalidDataException($"{config.FileName}: {config.PresentNames[0]} has neither the length of the past nor one more.");
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidDataException($"{config.FileName} does not run as {ModelFolder.TextFile} says: {e.Message}", e);
        }
    }

    private static long PresentLength(InferenceSession session, DecoderConfig config, CacheShape shape, OnnxSessions sessions, int maskWidth)
    {
        var inputs = new Dictionary<string, OrtValue>();
        try
        {
            inputs[config.InputIds] = OrtValue.CreateTensorValueFromMemory(new long[1], [1, 1]);
            inputs[config.AttentionMask] = OrtValue.CreateTensorValueFromMemory(Enumerable.Repeat(1L, maskWidth).ToArray(), [1, maskWidth]);
            if (session.InputMetadata.ContainsKey(config.PositionIds))
            {
                inputs[config.PositionIds] = OrtValue.CreateTensorValueFromMemory(new long[] { maskWidth - 1 }, [1, 1]);
            }

            foreach (var name in config.PastNames)
            {
                inputs[name] = sessions.Allocate(session, shape.Type, shape.Of(1, Past));
            }

            using var options = new RunOptions();
            using var outputs = session.Run(options, inputs, [config.Logits, config.PresentNames[0]]);
            CheckLogits(outputs[0].GetTensorTypeAndShape(), config);
            return outputs[1].GetTensorTypeAndShape().Shape is [1, var heads, var length, var size] && heads == shape.Heads && size == shape.HeadSize
                ? length
                : throw new InvalidDataException($"{config.FileName}: {config.PresentNames[0]} has not the shape that num_key_value_heads and head_size say.");
        }
        finally
        {
            foreach (var input in inputs.Values)
            {
                input.Dispose();
            }
        }
    }

    private static void CheckLogits(OrtTensorTypeAndShapeInfo logits, DecoderConfig config)
    {
        if (logits.Shape is not [1, 1, var columns] || columns != config.VocabularySize)
        {
            throw new InvalidDataException($"{config.FileName}: {config.Logits} are [{string.Join(", ", logits.Shape)}] for one token; vocab_size says {config.VocabularySize}.");
        }

        if (logits.ElementDataType is not (TensorElementType.Float or TensorElementType.Float16))
        {
            throw new InvalidDataException($"{config.FileName}: {config.Logits} of {logits.ElementDataType} are not supported.");
        }
    }
}
