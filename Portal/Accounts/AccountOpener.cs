using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;

namespace Portal.Accounts;

/// <summary>Makes the rows that every account starts with: the account, its wallet, its owner's seat, a first project.</summary>
public static class AccountOpener
{
    public const string FirstProject = "Default";

    /// <summary>Adds the rows to <paramref name="db"/>; the caller saves.</summary>
    /// <param name="id">The account's id where the caller has chosen one.</param>
    public static Account Open(PortalDb db, AccountKind kind, string name, Guid ownerId, DateTimeOffset now, Guid? id = null)
    {
        var account = new Account { Id = id ?? Guid.CreateVersion7(now), Kind = kind, Name = name, CreatedAt = now };
        db.Accounts.Add(account);
        db.Wallets.Add(new Wallet { Id = account.Id });
        db.Projects.Add(new Project { Id = Guid.CreateVersion7(now), AccountId = account.Id, Name = FirstProject, CreatedAt = now });
        db.Memberships.Add(new Membership { Id = Guid.CreateVersion7(now), AccountId = account.Id, PersonId = ownerId, Role = MemberRole.Owner, CreatedAt = now, AcceptedAt = now });
        return account;
    }
}
