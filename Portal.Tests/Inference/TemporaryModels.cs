namespace Portal.Tests.Inference;

/// <summary>A directory of model folders that a test may spoil; removed with the test.</summary>
internal sealed class TemporaryModels : IDisposable
{
    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("portal-models-").FullName;

    /// <summary>Copies a shipped model under a name of its own.</summary>
    public string Copy(string model, string name)
    {
        var copy = Path.Combine(Directory, name);
        foreach (var file in System.IO.Directory.EnumerateFiles(model, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy, Path.GetRelativePath(model, file));
            System.IO.Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return copy;
    }

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);
}
