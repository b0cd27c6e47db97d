using Microsoft.ML.OnnxRuntime;

namespace Portal.Inference.Onnx;

/// <summary>Opens the models' graphs on the configured device.</summary>
internal sealed class OnnxSessions
{
    private const string CudaProvider = "CUDAExecutionProvider";

    private static readonly Lazy<(IReadOnlyList<OrtEpDevice> Devices, string? Reason)> Cuda = new(FindCuda);

    private readonly int threads;
    private readonly OrtEpDevice? cuda;

    public OnnxSessions(InferenceOptions options)
    {
        NativeEnvironment.Prepare();
        threads = options.Threads;
        cuda = options.Device != InferenceDevice.Cpu && Cuda.Value.Devices is [var device, ..] ? device : null;
    }

    public bool OnCpu => cuda is null;

    /// <summary>Why CUDA cannot be used in this process; null when it can.</summary>
    public static string? CudaMissing()
    {
        NativeEnvironment.Prepare();
        return Cuda.Value.Reason;
    }

    /// <param name="folder">The model's folder.</param>
    /// <param name="name">The graph's file in it.</param>
    /// <param name="threadsInstead">CPU threads, instead of as many as are configured.</param>
    /// <exception cref="InvalidDataException">The file is missing or not a graph that can be run.</exception>
    public InferenceSession Open(string folder, string name, int? threadsInstead = null)
    {
        var path = ModelFiles.Find(folder, name);
        using var options = new SessionOptions
        {
            IntraOpNumThreads = threadsInstead ?? threads,
            InterOpNumThreads = 1,
            // Errors arrive as exceptions; what the library writes beside them would only bypass the program's log.
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        // Threads wait for each other spinning, which takes far less time than to be woken, within a run and until the next token's. A portal mostly waits:
        // a millisecond after the last run they sleep.
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "1");
        options.AddSessionConfigEntry("session.intra_op.spin_duration_us", "1000");
        if (cuda is not null)
        {
            options.AppendExecutionProvider(OrtEnv.Instance(), [cuda], null);
        }

        try
        {
            return new InferenceSession(path, options);
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidDataException($"{name} cannot be run: {e.Message}", e);
        }
    }

    /// <summary>Allocates a tensor where the graph of this session computes.</summary>
    public OrtValue Allocate(InferenceSession session, Microsoft.ML.OnnxRuntime.Tensors.TensorElementType type, long[] shape)
    {
        if (cuda is null)
        {
            return OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, type, shape);
        }

        using var allocator = new OrtAllocator(session, cuda.GetMemoryInfo(OrtDeviceMemoryType.DEFAULT));
        return OrtValue.CreateAllocatedTensorValue(allocator, type, shape);
    }

    private static (IReadOnlyList<OrtEpDevice>, string?) FindCuda()
    {
        var (file, platform) = OperatingSystem.IsWindows() ? ("onnxruntime_providers_cuda.dll", "win-x64") : ("libonnxruntime_providers_cuda.so", "linux-x64");
        string[] places = [AppContext.BaseDirectory, Path.Combine(AppContext.BaseDirectory, "runtimes", platform, "native")];
        var path = places.Select(place => Path.Combine(place, file)).FirstOrDefault(File.Exists);
        if (path is null)
        {
            return ([], $"{file} is not in {AppContext.BaseDirectory}");
        }

        try
        {
            OrtEnv.Instance().RegisterExecutionProviderLibrary(CudaProvider, path);
            var devices = OrtEnv.Instance().GetEpDevices().Where(device => device.EpName == CudaProvider).ToList();
            return (devices, devices.Count > 0 ? null : "no CUDA device was found");
        }
        catch (OnnxRuntimeException e)
        {
            return ([], e.Message);
        }
    }
}
