using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Jobs;
using Portal.Data.Support;

namespace Portal.Accounts.Members;

/// <summary>Invites people into an organisation, changes what they may do there, and removes them.</summary>
public sealed class MemberDesk(
    IDbContextFactory<PortalDb> databases, LedgerWriter ledger, Invitations invitations, ILookupNormalizer normalizer, TimeProvider clock)
{
    private const string Invited = "member.invited";
    private const string InvitedAgain = "member.invited-again";

    /// <summary>Letters that one person may cause in an hour: a school's year fits, a flood does not.</summary>
    public const int InvitationsPerHourMax = 500;

    /// <summary>Letters that one address may get in an hour, from whomever.</summary>
    public const int InvitationsPerAddressMax = 5;

    /// <summary>
    /// Somebody the portal does not know gets a person without a password and a mail to set one; a known person just gets a seat and a word about it.
    /// </summary>
    /// <param name="origin">The portal's address as the caller sees it, for the link in the letter.</param>
    /// <param name="culture">Language of the mail to somebody unknown, and of their pages until they choose.</param>
    /// <param name="formKey">Becomes the new seat's id: the same form sent twice invites once.</param>
    public async Task<Outcome<Done>> Invite(
        Caller caller, string email, MemberRole role, string origin, string culture, Guid formKey, CancellationToken cancel = default)
    {
        if (caller.ReadOnly) return Refusal.ReadOnly;
        email = email.Trim();
        if (!NewPerson.IsEmail(email))
        {
            return new Refusal("email.invalid");
        }

        try
        {
            return await TryInvite(caller, email, role, origin, culture, formKey, cancel);
        }
        catch (DbUpdateException)
        {
            // Another organisation invited the same new address at the same moment; now it is known. What is wrong for good fails again.
            return await TryInvite(caller, email, role, origin, culture, formKey, cancel);
        }
    }

    /// <summary>Sends the letter once more to somebody who has not come yet, whether they have an account or not.</summary>
    public async Task<Outcome<Done>> InviteAgain(Caller caller, Guid seat, string origin, Guid formKey, CancellationToken cancel = default)
    {
        if (caller.ReadOnly) return Refusal.ReadOnly;
        await using var db = databases.CreateDbContext();
        if (!(await MemberRights.Manage(db, caller, [seat], cancel)).IsDone(out var refusal, out var found))
        {
            return refusal;
        }

        var (member, person) = (found[seat], found[seat].Person);
        if (member.AcceptedAt >= member.CreatedAt)
        {
            return new Refusal("member.joined");
        }

        var now = clock.GetUtcNow();
        if (await TooMany(db, caller, person.Email!, now, cancel) is { } tooMany)
        {
            return tooMany;
        }

        db.OutboxMails.Add(await invitations.Write(person, caller, origin, formKey, now));
        db.AuditEntries.Add(new AuditEntry
        {
            At = now, PersonId = caller.PersonId, AccountId = caller.AccountId, Action = InvitedAgain, Subject = $"{seat}", Detail = person.Email!,
        });
        await db.SaveChangesAsync(cancel);
        return default(Done);
    }

    /// <summary>Owners only. The last owner stays one, and nobody becomes one who has not been in the organisation.</summary>
    public async Task<Outcome<Done>> ChangeRole(Caller caller, Guid seat, MemberRole role, CancellationToken cancel = default) => caller.ReadOnly ? Refusal.ReadOnly : await ledger.Run<Done>(
        async transaction =>
        {
            // The wallet's lock makes changes of one organisation's owners wait for each other.
            await transaction.Lock(caller.AccountId, cancel);
            if (!(await MemberRights.Manage(transaction.Db, caller, [seat], cancel)).IsDone(out var refusal, out var found))
            {
                return refusal;
            }

            if (found[caller.MembershipId].Role != MemberRole.Owner || !Enum.IsDefined(role))
            {
                return Refusal.Forbidden;
            }

            var member = found[seat];
            if (member.Role == role)
            {
                return default(Done);
            }

            // Owners answer for the account: nobody becomes one who has not come here since they were invited.
            if (role == MemberRole.Owner && !(member.AcceptedAt >= member.CreatedAt))
            {
                return new Refusal("member.not-here", member.Person.Email!);
            }

            if (await IsLastOwner(transaction.Db, member, cancel))
            {
                return new Refusal("member.last-owner");
            }

            var entry = SeatAllocator.Entry(transaction, caller, "member.role", member.Id, member.Person.Email!, $"{member.Role} > {role}");
            (entry.Before, entry.After) = ($"{member.Role}", $"{role}");
            transaction.Db.AuditEntries.Add(entry);
            member.Role = role;
            return default(Done);
        },
        cancel);

    /// <summary>
    /// Takes the seat away: its unused quota returns to the pool and its API keys end. A prompt of the member that is still
    /// running is stopped; what it leaves follows by <see cref="RemovedSeats"/>.
    /// </summary>
    public async Task<Outcome<Done>> Remove(Caller caller, Guid seat, Guid formKey, CancellationToken cancel = default) => caller.ReadOnly ? Refusal.ReadOnly : await ledger.Run<Done>(
        async transaction =>
        {
            if (await transaction.Lock(caller.AccountId, cancel) is not { } book)
            {
                return Refusal.NotFound;
            }

            if (!(await MemberRights.Manage(transaction.Db, caller, [seat], cancel)).IsDone(out var refusal, out var found))
            {
                return refusal;
            }

            var member = found[seat];
            if (!MemberRights.MayChange(found[caller.MembershipId], member))
            {
                return Refusal.Forbidden;
            }

            if (await IsLastOwner(transaction.Db, member, cancel))
            {
                return new Refusal("member.last-owner");
            }

            foreach (var unit in (Unit[])[Unit.Tokens, Unit.Images])
            {
                var left = book.Available(unit, SeatAllocator.SeatCodes, seat, transaction.Now);
                if (left == 0)
                {
                    continue;
                }

                var outcome = await transaction.Apply(SeatAllocator.Back(caller, seat, unit, left, $"remove:{formKey:N}:{unit}"), cancel);
                if (!outcome.IsDone(out var reason))
                {
                    return reason;
                }
            }

            member.RemovedAt = transaction.Now;
            await transaction.Db.ApiKeys.Where(k => k.MembershipId == seat && k.RevokedAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(k => k.RevokedAt, transaction.Now), cancel);
            transaction.Db.AuditEntries.Add(SeatAllocator.Entry(transaction, caller, "member.removed", member.Id, member.Person.Email!, $"{member.Role}"));
            return default(Done);
        },
        cancel);

    private async Task<Outcome<Done>> TryInvite(
        Caller caller, string email, MemberRole role, string origin, string culture, Guid formKey, CancellationToken cancel)
    {
        // Before the transaction: writing the link may store a key, which would wait for it in vain.
        var key = normalizer.NormalizeEmail(email);
        var known = await Find(key, cancel);
        var person = known ?? NewRow(email, culture);
        var letter = await invitations.Write(person, caller, origin, formKey, clock.GetUtcNow());
        return await ledger.Run(transaction => Invite(transaction, caller, person, isNew: known is null, role, letter, formKey, cancel), cancel);
    }

    private static async Task<Outcome<Done>> Invite(
        LedgerTransaction transaction, Caller caller, Person person, bool isNew, MemberRole role, OutboxMail letter, Guid formKey, CancellationToken cancel)
    {
        var db = transaction.Db;
        await transaction.Lock(caller.AccountId, cancel);
        if (!(await MemberRights.Manage(db, caller, [], cancel)).IsDone(out var refusal, out var found))
        {
            return refusal;
        }

        if (role == MemberRole.Owner || !Enum.IsDefined(role) || (role == MemberRole.BillingAdmin && found[caller.MembershipId].Role != MemberRole.Owner))
        {
            return Refusal.Forbidden;
        }

        // By the address: the same form a moment ago may have made the person that this one was about to make.
        var seat = await db.Memberships.Include(m => m.Person)
            .FirstOrDefaultAsync(m => m.AccountId == caller.AccountId && m.Person.NormalizedEmail == person.NormalizedEmail, cancel);
        if (seat is { RemovedAt: null })
        {
            return seat.Id == formKey ? default(Done) : new Refusal("member.already", person.Email!);
        }

        if (await TooMany(db, caller, person.Email!, transaction.Now, cancel) is { } tooMany)
        {
            return tooMany;
        }

        if (isNew)
        {
            db.Users.Add(person);
        }

        if (seat is null)
        {
            seat = new Membership { Id = formKey, AccountId = caller.AccountId, PersonId = person.Id };
            db.Memberships.Add(seat);
        }

        // Somebody who was here before gets the same seat again: its usage is theirs.
        (seat.Role, seat.CreatedAt, seat.RemovedAt) = (role, transaction.Now, null);
        db.OutboxMails.Add(letter);
        db.AuditEntries.Add(SeatAllocator.Entry(transaction, caller, Invited, seat.Id, person.Email!, $"{role}"));
        return default(Done);
    }

    /// <summary>Counted alike for addresses that have an account and for those that have none.</summary>
    private static async Task<Refusal?> TooMany(PortalDb db, Caller caller, string email, DateTimeOffset now, CancellationToken cancel)
    {
        var since = now - TimeSpan.FromHours(1);
        if (await db.OutboxMails.CountAsync(m => m.To == email && m.CreatedAt > since && m.DedupKey.StartsWith(Invitations.KeyPrefix), cancel) >= InvitationsPerAddressMax)
        {
            return new Refusal("invitation.address-limit", email, $"{InvitationsPerAddressMax}");
        }

        var caused = await db.AuditEntries.CountAsync(
            a => a.AccountId == caller.AccountId && a.At > since && a.PersonId == caller.PersonId && (a.Action == Invited || a.Action == InvitedAgain), cancel);
        return caused >= InvitationsPerHourMax ? new Refusal("invitation.caller-limit", $"{InvitationsPerHourMax}") : null;
    }

    private async Task<Person?> Find(string key, CancellationToken cancel)
    {
        await using var db = databases.CreateDbContext();
        return await db.Users.AsNoTracking().FirstOrDefaultAsync(p => p.NormalizedEmail == key, cancel);
    }

    private Person NewRow(string email, string culture) => new()
    {
        Id = Guid.CreateVersion7(clock.GetUtcNow()),
        UserName = email,
        NormalizedUserName = normalizer.NormalizeName(email),
        Email = email,
        NormalizedEmail = normalizer.NormalizeEmail(email),
        Culture = culture,
        CreatedAt = clock.GetUtcNow(),
        LockoutEnabled = true,
        SecurityStamp = Guid.NewGuid().ToString("N"),
    };

    private static async Task<bool> IsLastOwner(PortalDb db, Membership seat, CancellationToken cancel) =>
        seat.Role == MemberRole.Owner
        && !await db.Memberships.AnyAsync(m => m.AccountId == seat.AccountId && m.RemovedAt == null && m.Role == MemberRole.Owner && m.Id != seat.Id, cancel);
}
