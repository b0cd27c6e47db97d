using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts.Keys;
using Portal.Accounts;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Data.Usage;
using Portal.Inference;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Prompts;

/// <summary>Somebody at a running portal with money to spend, a password and an API key. The models are ready when there is one.</summary>
internal sealed record Customer(Guid AccountId, string Email, string Password, string ApiKey)
{
    public static async Task<Customer> Arrive(PortalApp portal, decimal yuan = 1, string language = "en")
    {
        await portal.Services.GetRequiredService<ModelHost>().Ready;
        var (account, seat) = await Books.OpenAccount(portal.Database.Factory, TimeProvider.System);
        if (yuan > 0) await Books.TopUp(portal.Database.Factory, TimeProvider.System, account.Id, yuan, portal.Services.GetRequiredService<WalletEvents>());
        return await SignedUp(portal, account.Id, seat, language);
    }

    /// <summary>A member of the account that draws on a seat with this many tokens.</summary>
    public async Task<Customer> WithStudent(PortalApp portal, long tokens)
    {
        var person = new Person { Id = Guid.NewGuid(), UserName = $"{Guid.NewGuid():N}@example.com", EmailConfirmed = true, DisplayName = "Student" };
        person.Email = person.UserName;
        (person.NormalizedEmail, person.NormalizedUserName) = (person.Email.ToUpperInvariant(), person.Email.ToUpperInvariant());
        var now = TimeProvider.System.GetUtcNow();
        var seat = new Membership { Id = Guid.NewGuid(), AccountId = AccountId, PersonId = person.Id, Role = MemberRole.Member, CreatedAt = now, AcceptedAt = now };
        await using (var db = portal.Database.Open())
        {
            db.AddRange(person, seat);
            await db.SaveChangesAsync();
        }

        var leg = new Leg(new AccountRef(LedgerCodes.Issued, Unit.Tokens), new AccountRef(LedgerCodes.Seat, Unit.Tokens, seat.Id), tokens, "grant");
        Assert.Null((await portal.Services.GetRequiredService<LedgerWriter>().Apply(new Move(AccountId, $"grant:{seat.Id:N}", "grant", [leg]))).Refusal);
        return await SignedUp(portal, AccountId, seat);
    }

    public Task<WalletView> Wallet(PortalApp portal) => portal.Services.GetRequiredService<WalletReader>().Read(AccountId);

    /// <summary>Usage records, oldest first.</summary>
    public async Task<List<UsageRecord>> Usage(PortalApp portal)
    {
        await using var db = portal.Database.Open();
        return await db.UsageRecords.AsNoTracking().Where(u => u.AccountId == AccountId).OrderBy(u => u.At).ToListAsync();
    }

    private static async Task<Customer> SignedUp(PortalApp portal, Guid accountId, Membership seat, string language = "en")
    {
        const string password = "correct horse battery";
        await using var scope = portal.Services.CreateAsyncScope();
        var people = scope.ServiceProvider.GetRequiredService<UserManager<Person>>();
        var person = await people.FindByIdAsync(seat.PersonId.ToString());
        person!.Culture = language;
        Assert.True((await people.AddPasswordAsync(person, password)).Succeeded);
        await using var db = portal.Database.Open();
        var project = await db.Projects.FirstAsync(p => p.AccountId == accountId);
        var caller = new Caller(
            seat.PersonId, person.Email!, person.DisplayName, accountId, AccountKind.Personal, "", "Asia/Shanghai", seat.Id, seat.Role, project.Id, null, false, false);
        var key = await scope.ServiceProvider.GetRequiredService<ApiKeys>().Create(caller, new KeyTerms("test"));
        return new Customer(accountId, person.Email!, password, key.Value.Secret);
    }
}
