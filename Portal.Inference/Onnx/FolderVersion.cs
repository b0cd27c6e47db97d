using System.Security.Cryptography;
using System.Text;

namespace Portal.Inference.Onnx;

/// <summary>Names what a model's folder holds: the same on every machine, another one when files are exchanged.</summary>
internal static class FolderVersion
{
    private const int Blocks = 64;
    private const int BlockBytes = 4096;

    /// <summary>Hex, from the files' names and lengths and from blocks spread over each: all of a small file, a sample of weights.</summary>
    public static string Of(string folder)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = new byte[BlockBytes];
        foreach (var path in ModelFolder.Files(folder).Select(file => file.FullName).Order(StringComparer.Ordinal))
        {
            using var file = File.OpenRead(path);
            hash.AppendData(Encoding.UTF8.GetBytes($"{Path.GetRelativePath(folder, path)}\n{file.Length}\n"));
            var step = Math.Max(BlockBytes, file.Length / Blocks);
            for (var at = 0L; at < file.Length; at += step)
            {
                file.Position = at;
                hash.AppendData(block, 0, file.ReadAtLeast(block, BlockBytes, throwOnEndOfStream: false));
            }
        }

        return Convert.ToHexString(hash.GetHashAndReset().AsSpan(0, 16));
    }
}
