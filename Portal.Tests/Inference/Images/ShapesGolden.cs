using System.Runtime.InteropServices;
using System.Text.Json;

namespace Portal.Tests.Inference.Images;

/// <summary>One of the reference cases in the shapes model's golden.json: ids and noise in, picture out.</summary>
internal sealed record ShapesGolden(string Prompt, int[] InputIds, int Height, int Width, int Steps, string NoiseF32, string ImageF32, string ImagePng)
{
    private static readonly JsonSerializerOptions SnakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static (double[] Sigmas, double Tolerance, IReadOnlyList<ShapesGolden> Cases) File { get; } = Read();

    public float[] Noise => Floats(NoiseF32);

    public float[] Image => Floats(ImageF32);

    private static (double[], double, IReadOnlyList<ShapesGolden>) Read()
    {
        using var json = JsonDocument.Parse(System.IO.File.ReadAllBytes(Path.Combine(ShippedModels.Shapes, "golden.json")));
        return (
            json.RootElement.GetProperty("sigmas").Deserialize<double[]>()!,
            json.RootElement.GetProperty("tolerance").GetDouble(),
            json.RootElement.GetProperty("cases").Deserialize<List<ShapesGolden>>(SnakeCase)!);
    }

    private static float[] Floats(string base64) => MemoryMarshal.Cast<byte, float>(Convert.FromBase64String(base64)).ToArray();
}
