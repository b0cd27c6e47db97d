using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Payments;
using Portal.Payments.Gateway;
using Portal.Payments.Gateway.Objects;

namespace Portal.Payments.Cards;

/// <summary>Makes an account known to the gateway, once, so that it can keep the account's cards.</summary>
public sealed class GatewayCustomers(IDbContextFactory<PortalDb> databases, StripeGateway gateway, TimeProvider time)
{
    /// <returns>The gateway's id of the account.</returns>
    public async Task<Outcome<string>> Ensure(Guid accountId, CancellationToken cancel)
    {
        if (await Find(accountId, cancel) is { } known) return known;
        switch (await gateway.CreateCustomer(accountId, cancel))
        {
            case GatewayAnswer<GatewayIdentity>.Done created:
                return await Keep(accountId, created.Value.Id, cancel);
            case GatewayAnswer<GatewayIdentity>.Unknown:
                return new Refusal("card.unreachable");
            default:
                return new Refusal("card.refused");
        }
    }

    private async Task<Outcome<string>> Keep(Guid accountId, string customerId, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        db.GatewayCustomers.Add(new GatewayCustomer { AccountId = accountId, CustomerId = customerId, CreatedAt = time.GetUtcNow() });
        try
        {
            await db.SaveChangesAsync(cancel);
            return customerId;
        }
        catch (DbUpdateException)
        {
            // The other click of a double click was first; anything else is a failure.
            if (await Find(accountId, cancel) is not { } first) throw;
            return first;
        }
    }

    private async Task<string?> Find(Guid accountId, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.GatewayCustomers.Where(c => c.AccountId == accountId).Select(c => c.CustomerId).FirstOrDefaultAsync(cancel);
    }
}
