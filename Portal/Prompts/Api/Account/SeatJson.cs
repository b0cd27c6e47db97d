using Portal.Accounts.Members;

namespace Portal.Prompts.Api.Account;

/// <param name="Role"><c>owner</c>, <c>billing_admin</c> or <c>member</c>.</param>
/// <param name="Invited">Has not accepted yet.</param>
public sealed record SeatJson(Guid Id, string Name, string Email, string Role, DateTimeOffset JoinedAt, bool Invited, IReadOnlyList<SeatQuotaJson> Quotas)
{
    public static SeatJson Of(MemberView member) => new(
        member.SeatId, member.Name, member.Email, System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName($"{member.Role}"), member.JoinedAt, member.Invited,
        [.. member.Quotas.Select(q => new SeatQuotaJson(QuotaJson.NameOf(q.Unit), q.Total, q.Used, q.Left, q.ExpiresAt))]);
}
