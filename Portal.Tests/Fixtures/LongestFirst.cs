using Portal.Tests.Browser.Looks;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(Portal.Tests.Fixtures.LongestFirst))]

namespace Portal.Tests.Fixtures;

/// <summary>The tour of every page takes minutes: begun last it would run alone at the end, with the other processors idle.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    public IReadOnlyCollection<T> OrderTestCollections<T>(IReadOnlyCollection<T> testCollections)
        where T : ITestCollection
        => [.. testCollections.OrderBy(c => !c.TestCollectionDisplayName.Contains(nameof(EveryPageLook), StringComparison.Ordinal))];
}
