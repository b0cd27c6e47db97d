using Portal.Tests.Faults.Crash;
using Xunit.Runner.InProc.SystemConsole;

namespace Portal.Tests;

/// <summary>Runs the tests, or is the process under load that a test kills.</summary>
internal static class TestProgram
{
    public static Task<int> Main(string[] args) => args is [ChargeLoad.Verb, .. var rest] ? ChargeLoad.Run(rest) : ConsoleRunner.Run(args);
}
