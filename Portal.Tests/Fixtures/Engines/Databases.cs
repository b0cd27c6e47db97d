using Portal.Data;

namespace Portal.Tests.Fixtures.Engines;

/// <summary>
/// The engines that tests run on: `[Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]` with a parameter
/// of type <see cref="DatabaseProvider"/>. No SQL Server can run here; its migrations are checked as text.
/// </summary>
public static class Databases
{
    public static TheoryData<DatabaseProvider> All => [DatabaseProvider.Sqlite, DatabaseProvider.PostgreSql];
}
