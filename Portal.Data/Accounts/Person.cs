using Microsoft.AspNetCore.Identity;

namespace Portal.Data.Accounts;

/// <summary>Somebody who can sign in. What they own and may do follows from memberships.</summary>
public sealed class Person : IdentityUser<Guid>
{
    public string DisplayName { get; set; } = "";

    /// <summary>Culture of e-mails and, until a cookie says otherwise, of pages: <c>en</c> or <c>zh-CN</c>.</summary>
    public string Culture { get; set; } = "en";

    public DateTimeOffset CreatedAt { get; set; }
}
