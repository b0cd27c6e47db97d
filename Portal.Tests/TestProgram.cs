using Portal.Tests.Benchmarks;
using Portal.Tests.Faults.Crash;
using Xunit.Runner.InProc.SystemConsole;

namespace Portal.Tests;

/// <summary>Runs the tests, is the process under load that a test kills, or makes the model that is measured with.</summary>
internal static class TestProgram
{
    public static Task<int> Main(string[] args) => args switch
    {
        [ChargeLoad.Verb, .. var rest] => ChargeLoad.Run(rest),
        [RandomModel.Verb, .. var rest] => RandomModel.Run(rest),
        _ => ConsoleRunner.Run(args),
    };
}
