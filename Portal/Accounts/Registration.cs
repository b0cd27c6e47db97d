using Microsoft.AspNetCore.Identity;
using Portal.Accounts.Mail;
using Portal.Accounts.Members;
using Portal.Accounts.Trials;
using Portal.Data;
using Portal.Data.Accounts;

namespace Portal.Accounts;

/// <summary>Makes a person and their personal account, and writes to the address to have it confirmed.</summary>
public sealed class Registration(
    UserManager<Person> people, PortalDb db, AccountLetters letters, LetterLinks links, Invitations invitations, TrialCredit trials, TimeProvider time)
{
    /// <summary>
    /// Answers alike, in words and in time, whether the address was free or has an account: the difference is told only in the letter.
    /// </summary>
    /// <param name="requestBase">See <see cref="LetterLinks.To"/>.</param>
    /// <returns>What is wrong with the password or the address, in the person's language.</returns>
    public async Task<IdentityResult> Register(NewPerson who, string requestBase, CancellationToken cancel = default)
    {
        var person = NewRow(who);
        if (await Weakness(person, who.Password) is { } weak) return weak;

        // Before the transaction, which keeps other writers waiting; and for known addresses too, which must take as long.
        person.PasswordHash = people.PasswordHasher.HashPassword(person, who.Password);
        if (await people.FindByEmailAsync(who.Email) is { } known)
        {
            await Tell(known, requestBase, cancel);
            return IdentityResult.Success;
        }

        var result = await Create(person, who, cancel);
        // Somebody else registered the address in the meantime: they have their letter.
        if (result.Errors.Any(error => error.Code.StartsWith("Duplicate", StringComparison.Ordinal))) return IdentityResult.Success;
        if (result.Succeeded) await Tell(person, requestBase, cancel);
        return result;
    }

    /// <summary>Writes the letter again, if the address has an account that still waits for it; nobody else learns whether it has.</summary>
    public async Task Resend(string email, string requestBase, CancellationToken cancel = default)
    {
        if (await people.FindByEmailAsync(email) is { EmailConfirmed: false } person) await Tell(person, requestBase, cancel);
    }

    /// <summary>
    /// The letter's own link, while it is good, answers its reader as often as it is opened: some mail programs open it first. Any other says the same
    /// of everybody, confirmed, waiting or unknown.
    /// </summary>
    /// <param name="who">The person's id, out of the link.</param>
    public async Task<Confirmation> Confirm(string? who, string? token)
    {
        if (!Guid.TryParse(who, out var id) || LetterLinks.Token(token) is not { } plain || await people.FindByIdAsync(id.ToString()) is not { } person
            || !await people.VerifyUserTokenAsync(person, people.Options.Tokens.EmailConfirmationTokenProvider, UserManager<Person>.ConfirmEmailTokenPurpose, plain))
        {
            return new Confirmation(false);
        }

        if (!person.EmailConfirmed && !(await people.ConfirmEmailAsync(person, plain)).Succeeded)
        {
            // The link was opened twice at once: one of the two confirmed.
            await db.Entry(person).ReloadAsync();
            if (!person.EmailConfirmed) return new Confirmation(false);
        }
        return new Confirmation(true, await trials.Decide(person.Id));
    }

    private Person NewRow(NewPerson who)
    {
        var now = time.GetUtcNow();
        return new Person
        {
            Id = Guid.CreateVersion7(now), UserName = who.Email, Email = who.Email, DisplayName = who.DisplayName.Trim(), Culture = who.Culture, CreatedAt = now,
        };
    }

    private async Task<IdentityResult?> Weakness(Person person, string password)
    {
        foreach (var validator in people.PasswordValidators)
        {
            if (await validator.ValidateAsync(people, person, password) is { Succeeded: false } weak) return weak;
        }
        return null;
    }

    private async Task<IdentityResult> Create(Person person, NewPerson who, CancellationToken cancel)
    {
        var claim = who.Signals is { } signals ? await trials.Claim(person, signals, cancel) : null;
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var result = await people.CreateAsync(person);
        if (!result.Succeeded) return result;
        var account = AccountOpener.Open(db, AccountKind.Personal, person.DisplayName, person.Id, person.CreatedAt);
        if (who.TimeZone is not null && TimeZoneInfo.TryFindSystemTimeZoneById(who.TimeZone, out var zone)) account.TimeZone = zone.Id;
        if (claim is not null) db.TrialClaims.Add(claim);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return result;
    }

    private async Task Tell(Person person, string requestBase, CancellationToken cancel)
    {
        if (person.PasswordHash is null)
        {
            // Somebody invited this address. Whoever typed a password for it here may be anybody: it is chosen where the letter leads.
            await letters.ChoosePassword(person, await invitations.RegistrationLink(person, requestBase), cancel);
            return;
        }
        if (person.EmailConfirmed)
        {
            await letters.AlreadyRegistered(person, links.To("account/login", requestBase), cancel);
            return;
        }
        var token = await people.GenerateEmailConfirmationTokenAsync(person);
        await letters.Confirm(person, links.To("account/confirm-email", requestBase, person.Id.ToString(), token), cancel);
    }
}
