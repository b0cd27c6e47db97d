namespace Portal.Inference;

public enum InferenceDevice
{
    /// <summary>CUDA where its provider library and a device are found, the CPU otherwise.</summary>
    Auto,
    Cpu,

    /// <summary>CUDA, or the program refuses to start.</summary>
    Cuda,
}
