using System.Runtime.InteropServices;

namespace Portal.Inference.Onnx;

/// <summary>Any object that the tokenizer library hands out.</summary>
internal sealed class TokenizerObject() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => TokenizerLibrary.Dispose(handle) == 0;
}
