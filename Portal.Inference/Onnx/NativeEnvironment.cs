using System.Runtime.InteropServices;

namespace Portal.Inference.Onnx;

/// <summary>What must hold in the process before one of the native libraries is loaded.</summary>
internal static partial class NativeEnvironment
{
    static NativeEnvironment()
    {
        const string key = "ORT_DISABLE_TELEMETRY";
        Environment.SetEnvironmentVariable(key, "1");
        // Outside Windows .NET keeps its own copy of the environment, which native code does not read.
        if (!OperatingSystem.IsWindows())
        {
            _ = SetNativeVariable(key, "1", 1);
        }
    }

    /// <summary>Runs the above once; every later call returns at once.</summary>
    public static void Prepare()
    {
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetNativeVariable(string name, string value, int overwrite);
}
