using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Accounts;

namespace Portal.Accounts.SignIn;

/// <summary>Signs people in and between their accounts. What it answers tells nobody which addresses have an account.</summary>
public sealed class SignInDesk(SignInManager<Person> signIn, UserManager<Person> people, UnknownAddresses unknown, Callers callers, SignInLog log, PortalDb db, TimeProvider clock)
{
    private const int CountsMax = 10;

    private static readonly Person Nobody = new();
    private static readonly string NobodysHash = new PasswordHasher<Person>().HashPassword(Nobody, Guid.NewGuid().ToString());

    /// <param name="remember">Past the end of the browser's session.</param>
    public async Task<SignInAnswer> SignIn(string email, string password, bool remember)
    {
        if (await people.FindByEmailAsync(email) is not { } person)
        {
            VerifyNobody(password);
            return unknown.Failed(email) ? SignInAnswer.Locked : SignInAnswer.Wrong;
        }
        if (await people.IsLockedOutAsync(person))
        {
            VerifyNobody(password);
            return SignInAnswer.Locked;
        }
        if (person.PasswordHash is null) VerifyNobody(password);
        if (!await people.CheckPasswordAsync(person, password) || !await signIn.CanSignInAsync(person))
        {
            var locked = await Count(person);
            await Note(person, locked ? SignInOutcome.Locked : SignInOutcome.WrongPassword);
            return locked ? SignInAnswer.Locked : SignInAnswer.Wrong;
        }

        // The right one may be among many that were sent at once. The person stays as it was read: what ended their sessions meanwhile ends this one too.
        var now = clock.GetUtcNow();
        if (await db.Users.AnyAsync(p => p.Id == person.Id && p.LockoutEnd > now)) return SignInAnswer.Locked;
        await people.ResetAccessFailedCountAsync(person);
        if ((await callers.Choices(person.Id)).Count == 0) await OpenAccount(person);
        await signIn.SignInAsync(person, remember);
        await Note(person, SignInOutcome.Done);
        return SignInAnswer.Done;
    }

    /// <summary>Of several wrong passwords at once each counts: whoever comes second reads anew what the first has written.</summary>
    /// <returns>Whether the sign-in is locked now.</returns>
    private async Task<bool> Count(Person person)
    {
        for (var tries = 1; !(await people.AccessFailedAsync(person)).Succeeded && tries < CountsMax; tries++)
        {
            await db.Entry(person).ReloadAsync();
            if (await people.IsLockedOutAsync(person)) return true;
        }

        return await people.IsLockedOutAsync(person);
    }

    /// <summary>Whose only seat was taken away goes on in an account of their own, as if they had registered: without one no page would know them.</summary>
    private async Task OpenAccount(Person person)
    {
        await using var transaction = await db.Database.BeginTransactionAsync();

        // The update is the lock: of two sign-ins at once one opens it.
        await db.Users.Where(p => p.Id == person.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.CreatedAt, p => p.CreatedAt));
        if (await db.Memberships.AnyAsync(m => m.PersonId == person.Id && m.RemovedAt == null)) return;
        AccountOpener.Open(db, AccountKind.Personal, person.DisplayName, person.Id, clock.GetUtcNow());
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
    }

    // Tries while the sign-in is locked are not noted: a stranger could fill the table with them.
    private Task Note(Person person, SignInOutcome outcome) => log.Add(person.Id, outcome, signIn.Context.Connection.RemoteIpAddress);

    /// <summary>As much work as a wrong password takes.</summary>
    private void VerifyNobody(string password) => people.PasswordHasher.VerifyHashedPassword(Nobody, NobodysHash, password);

    /// <summary>The language that the person chose, for a browser that has not been told one.</summary>
    public async Task<string?> CultureOf(string email) => (await people.FindByEmailAsync(email))?.Culture;

    public Task SignOut() => signIn.SignOutAsync();

    /// <summary>Makes <paramref name="accountId"/> the account that the person's pages act in; an account of others changes nothing.</summary>
    public async Task<Outcome<Done>> SwitchTo(ClaimsPrincipal user, Guid accountId, bool remember, CancellationToken cancel = default)
    {
        // The cookie is made anew, so an old one must still be good: a changed password or a lock ends it here too.
        if (await signIn.ValidateSecurityStampAsync(user) is not { } person || (await callers.Choices(person.Id, cancel)).All(choice => choice.AccountId != accountId)) return Refusal.NotFound;
        await signIn.SignInWithClaimsAsync(person, remember, [new Claim(Callers.AccountClaim, accountId.ToString())]);
        return default(Done);
    }

    /// <summary>From now on the person's pages show what the owner of an account sees. Whether they may, whoever calls this has asked; every page asks again.</summary>
    public async Task<Outcome<Done>> Visit(ClaimsPrincipal user, Guid accountId, Guid visitId, DateTimeOffset until, bool remember)
    {
        if (await signIn.ValidateSecurityStampAsync(user) is not { } person) return Refusal.NotFound;
        await signIn.SignInWithClaimsAsync(
            person, remember,
            [
                .. Chosen(user), new Claim(Callers.VisitClaim, accountId.ToString()), new Claim(Callers.VisitIdClaim, visitId.ToString()),
                new Claim(Callers.VisitEndClaim, until.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
            ]);
        return default(Done);
    }

    /// <summary>The person's pages are their own again, in the account that they worked in before.</summary>
    public async Task EndVisit(ClaimsPrincipal user, bool remember)
    {
        if (await signIn.ValidateSecurityStampAsync(user) is { } person) await signIn.SignInWithClaimsAsync(person, remember, Chosen(user));
    }

    /// <summary>The account that was chosen in the header, for a cookie that is made anew.</summary>
    internal static IEnumerable<Claim> Chosen(ClaimsPrincipal user) =>
        user.FindFirstValue(Callers.AccountClaim) is { } account ? [new Claim(Callers.AccountClaim, account)] : [];
}
