using Portal.Accounts.Members;

namespace Portal.Prompts.Api.Account;

/// <summary><c>GET /api/v1/seats</c>: the members of an organisation with their allocations, for those who manage it; <c>page</c> and <c>limit</c>.</summary>
public sealed class SeatsEndpoint(MemberReader members)
{
    public async Task<Outcome<object>> Answer(HttpContext http)
    {
        var asked = PageQuery.Of(http);
        if (!asked.IsDone(out var refusal, out var page))
        {
            return refusal;
        }

        var view = await members.Read(ApiKeyHandler.CallerOf(http), http.RequestAborted);
        return view.Manages ? page.Of([.. view.Members.Select(SeatJson.Of)]) : Refusal.Forbidden;
    }
}
