using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Portal.Tests.Fixtures;

/// <summary>bUnit asks for AngleSharp.Diffing 1.x; 0.17.0, which is what can be restored, has all that it calls.</summary>
internal static class DiffingLoader
{
#pragma warning disable CA2255 // A module initializer is the only place that runs before bUnit's first type is loaded.
    [ModuleInitializer]
    internal static void Register() => AssemblyLoadContext.Default.Resolving += (context, name) =>
        name.Name == "AngleSharp.Diffing" ? context.LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, "AngleSharp.Diffing.dll")) : null;
#pragma warning restore CA2255
}
