using Portal.Tests.Fixtures;

namespace Portal.Tests.Browser.Playground;

/// <summary>One portal for all tests of the playground that need the shipped models: to start one takes longer than most of them.</summary>
[CollectionDefinition]
public sealed class PlaygroundPortal : ICollectionFixture<PortalApp>;
