using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Accounts;
using Portal.Accounts.Budgets;
using Portal.Accounts.Members;
using Portal.Components.Pages.Members.Joining;
using Portal.Components.Pages.Members.Seats;
using Portal.Components.Shared;
using Portal.Components.Shared.Budgets;
using Portal.Components.Shared.Dialogs;
using Portal.Data;
using Radzen;

namespace Portal.Components.Pages.Members;

/// <summary>The members with what they have left, one or many of whom quota is handed to.</summary>
public sealed partial class MemberTable(
    MemberDesk desk, CurrentCaller current, NavigationManager navigation, DialogService dialogs, NotificationService notifications)
{
    private const int PageSize = 25;
    private const int SearchFrom = 8;
    private static readonly Unit[] Units = [Unit.Tokens, Unit.Images];

    private readonly HashSet<Guid> selected = [];
    private string? search;
    private int shown = PageSize;
    private bool busy;
    private Refusal? refusal;

    [Parameter, EditorRequired]
    public required MembersView View { get; set; }

    [Parameter, EditorRequired]
    public required IReadOnlyList<BudgetView> Budgets { get; set; }

    [Parameter]
    public EventCallback Changed { get; set; }

    [Inject]
    private IStringLocalizer<MembersText> Text { get; set; } = null!;

    [Inject]
    private IStringLocalizer<BudgetText> BudgetWords { get; set; } = null!;

    [Inject]
    private IStringLocalizer<SharedText> Words { get; set; } = null!;

    private IReadOnlyList<MemberView> Found => string.IsNullOrWhiteSpace(search) ? View.Members :
    [
        .. View.Members.Where(m => m.Email.Contains(search.Trim(), StringComparison.OrdinalIgnoreCase)
            || m.Name.Contains(search.Trim(), StringComparison.OrdinalIgnoreCase)),
    ];

    private IEnumerable<MemberView> Page => Found.Take(shown);

    private bool AllSelected => selected.Count > 0 && Found.All(m => selected.Contains(m.SeatId));

    /// <summary>Somebody who has not chosen a name yet is known by the address.</summary>
    public static string NameOf(MemberView member) => member.Name.Length == 0 ? member.Email : member.Name;

    protected override void OnParametersSet() => selected.IntersectWith(View.Members.Select(m => m.SeatId));

    private void Select(MemberView member, bool on) => _ = on ? selected.Add(member.SeatId) : selected.Remove(member.SeatId);

    private void SelectAll(bool on)
    {
        selected.Clear();
        if (on) selected.UnionWith(Found.Select(m => m.SeatId));
    }

    private void Searched(ChangeEventArgs typed)
    {
        search = typed.Value?.ToString();
        shown = PageSize;
    }

    private IEnumerable<string> ActionsFor(MemberView member)
    {
        if (member.Quotas.Any(q => q.Left > 0)) yield return "TakeBack";
        yield return "History";
        yield return "Budget";
        if (View.Owns) yield return "ChangeRole";
        if (member.Invited) yield return "InviteAgain";
        if (member.Changeable) yield return "Remove";
    }

    private Task ActAsync(MemberView member, string? action) => action switch
    {
        null => AllocateAsync([member]),
        "TakeBack" => TakeBackAsync(member),
        "History" => dialogs.ShowAsync<SeatHistory>(Text["HistoryOf", NameOf(member)], new() { [nameof(SeatHistory.SeatId)] = member.SeatId }),
        "Budget" => BudgetAsync(member),
        "ChangeRole" => ChangeRoleAsync(member),
        "InviteAgain" => InviteAgainAsync(member),
        "Remove" => RemoveAsync(member),
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "no such action"),
    };

    private Task AllocateSelectedAsync() => AllocateAsync([.. View.Members.Where(m => selected.Contains(m.SeatId))]);

    private async Task AllocateAsync(IReadOnlyList<MemberView> members)
    {
        var given = await dialogs.ShowAsync<QuotaDialog>(
            Text["Allocate"], new() { [nameof(QuotaDialog.Seats)] = members, [nameof(QuotaDialog.View)] = View }) as string;
        if (given is null) return;
        selected.Clear();
        await DoneAsync(members.Count == 1 ? Text["AllocatedTo", given, NameOf(members[0])] : Text["AllocatedEach", given, members.Count]);
    }

    private async Task TakeBackAsync(MemberView member)
    {
        var taken = await dialogs.ShowAsync<QuotaDialog>(
            Text["TakeBack"],
            new() { [nameof(QuotaDialog.Seats)] = new[] { member }, [nameof(QuotaDialog.View)] = View, [nameof(QuotaDialog.TakesBack)] = true }) as string;
        if (taken is not null) await DoneAsync(Text["TakenBackFrom", taken, NameOf(member)]);
    }

    private async Task BudgetAsync(MemberView member)
    {
        if (await BudgetDialog.AskAsync(dialogs, BudgetWords, NameOf(member), member.SeatId, Budgets, null)) await DoneAsync(Text["BudgetSaved", NameOf(member)]);
    }

    private async Task ChangeRoleAsync(MemberView member)
    {
        if (await dialogs.ShowAsync<RoleDialog>(Text["ChangeRole"], new() { [nameof(RoleDialog.Member)] = member }) is Done)
            await DoneAsync(Text["RoleChanged", NameOf(member)]);
    }

    private Task InviteAgainAsync(MemberView member) => CommandAsync(
        caller => desk.InviteAgain(caller, member.SeatId, navigation.BaseUri, Guid.NewGuid()), Text["Invited", member.Email]);

    private async Task RemoveAsync(MemberView member)
    {
        if (await ConfirmDialog.AskAsync(dialogs, Text["RemoveTitle", NameOf(member)], Text["RemoveText"], Text["Remove"], danger: true))
            await CommandAsync(caller => desk.Remove(caller, member.SeatId, Guid.NewGuid()), Text["Removed", NameOf(member)]);
    }

    private async Task CommandAsync(Func<Caller, Task<Outcome<Done>>> command, string done)
    {
        if (busy) return;
        busy = true;
        var outcome = await command(await current.Get());
        busy = false;
        if (outcome.IsDone(out refusal)) await DoneAsync(done);
    }

    private async Task DoneAsync(string sentence)
    {
        refusal = null;
        notifications.Notify(NotificationSeverity.Success, sentence);
        await Changed.InvokeAsync();
    }
}
