using System.Reflection;
using System.Runtime.CompilerServices;
using Portal.Data.Accounts;

namespace Portal.Tests.Support.Visits;

/// <summary>
/// Walks every method of the portal that takes a caller: it only reads, or it refuses whoever may change nothing, and does so before it looks at anything
/// else. Each runs on an object without a single field set, so that a command that would go on fails, and for an administrator who owns the account, so
/// that no other right is what refuses.
/// </summary>
public sealed class ReadOnlyCallerTests
{
    /// <summary>Names of methods that change nothing, whosever they are.</summary>
    private static readonly HashSet<string> ReadingNames =
    [
        "Read", "List", "Find", "Page", "Receipt", "Quote", "Preview", "Mine", "Inbox", "History", "Active", "Recent", "Compare", "Expect", "For", "Look", "Price", "Plan", "Of", "Each",
        "WhyNotAgain", "PreviewFee", "Waiting",
    ];

    /// <summary>
    /// Methods that change nothing although others of their name do: exports and files write to whoever reads them, the others tell what there is, what
    /// is open to somebody, or what they may still do.
    /// </summary>
    private static readonly HashSet<string> Reading =
    [
        "AuditExport.Write", "InvoiceExport.Write", "UsageExport.Write", "UsageExport.Check", "PermissionReports.Write", "FileDesk.Send", "CustomerFile.Request", "TrialDesk.Open", "UsageRequests.LateFor",
        "CatalogDesk.Export", "CatalogDesk.Prices", "CreditAdjustments.Limits", "PaymentHistory.ReadOwn", "PaymentHistory.Owed", "PoolReader.All", "PricePreview.Accounts",
    ];

    /// <summary>Parts of commands that have asked already, and need to know by whom they are asked; nothing else calls them.</summary>
    private static readonly HashSet<string> Parts = ["IdempotentRequests.Begin", "Invitations.Write", "GatewayComparer.Compare"];

    private static readonly Caller Visitor = new(
        Guid.NewGuid(), "a@example.com", "A", Guid.NewGuid(), AccountKind.Personal, "A", "UTC", Guid.NewGuid(), MemberRole.Owner, Guid.NewGuid(), null, true, true) { ReadOnly = true };

    public static TheoryData<string> Commands => [.. Methods.Keys.Order(StringComparer.Ordinal)];

    private static Dictionary<string, List<MethodInfo>> Methods { get; } = typeof(Caller).Assembly.GetTypes()
        .Where(type => type is { IsClass: true, Namespace: not null } && type.Namespace.StartsWith("Portal.", StringComparison.Ordinal) && !type.Namespace.StartsWith("Portal.Components", StringComparison.Ordinal)
            && !type.IsDefined(typeof(CompilerGeneratedAttribute)))
        .SelectMany(type => type.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly))
        .Where(method => method.GetParameters() is [{ } first, ..] && first.ParameterType == typeof(Caller) && !method.IsSpecialName && !method.ContainsGenericParameters)
        .Where(method => !ReadingNames.Contains(method.Name) && !Reading.Contains(NameOf(method)) && !Parts.Contains(NameOf(method)))
        .GroupBy(NameOf).ToDictionary(group => group.Key, group => group.ToList());

    [Theory, MemberData(nameof(Commands))]
    public async Task A_command_refuses_whoever_only_looks_before_it_does_anything(string command)
    {
        foreach (var method in Methods[command])
        {
            var desk = RuntimeHelpers.GetUninitializedObject(method.DeclaringType!);
            var arguments = method.GetParameters().Skip(1).Select(parameter => parameter.ParameterType.IsValueType ? Activator.CreateInstance(parameter.ParameterType) : null);

            var answer = method.Invoke(desk, [Visitor, .. arguments]);

            Assert.Equal(Refusal.ReadOnly, await RefusalOf(answer!));
        }
    }

    [Fact]
    public void The_walk_meets_the_commands_of_every_feature() =>
        Assert.Superset(
            new HashSet<string>(["PlanDesk.Choose", "PlanDesk.Cancel", "TopUps.Start", "ApiKeys.Create", "MemberDesk.Invite", "TicketDesk.Open", "ChatDesk.Keep", "PromptRunner.Start", "FileDesk.Store", "AlertDesk.Change", "CouponRedeemer.Redeem", "BuyerDesk.Save"]),
            Methods.Keys.ToHashSet());

    private static string NameOf(MethodInfo method) => $"{method.DeclaringType!.Name}.{method.Name}";

    private static async Task<Refusal?> RefusalOf(object answer)
    {
        if (answer is not Task task)
        {
            return (Refusal?)answer.GetType().GetProperty("Refusal")?.GetValue(answer);
        }

        await task;
        var result = task.GetType().GetProperty("Result")!.GetValue(task)!;
        return result as Refusal ?? (Refusal?)result.GetType().GetProperty("Refusal")?.GetValue(result);
    }
}
