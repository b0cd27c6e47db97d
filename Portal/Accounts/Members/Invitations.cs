using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Accounts.Mail;
using Portal.Accounts.Trials;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Jobs;

namespace Portal.Accounts.Members;

/// <summary>Letters that bring people into an organisation, and the link in them and in the letter of a registration: it proves the address and sets the first password.</summary>
public sealed class Invitations(
    UserManager<Person> people, PortalDb db, Letters letters, LetterLinks links, TrialCredit trials, TimeProvider clock, IStringLocalizer<InvitationText> text)
{
    public const string Page = "account/invitation";

    /// <summary>What the outbox's keys of these letters begin with.</summary>
    internal const string KeyPrefix = "invitation:";

    /// <summary>The letter to somebody who is to become, or became, a member; the caller saves it with the deed.</summary>
    /// <param name="origin">The portal's address as the inviter sees it.</param>
    /// <param name="formKey">One form, one letter.</param>
    public async Task<OutboxMail> Write(Person person, Caller caller, string origin, Guid formKey, DateTimeOffset now)
    {
        var (kind, link) = !person.EmailConfirmed ? ("Invite", await Link(person, origin, InvitationTokens.Purpose)) : ("Added", links.To("members", origin));
        var by = caller.DisplayName.Length == 0 ? caller.Email : caller.DisplayName;
        return letters.Write(person, $"{KeyPrefix}{formKey:N}", now, () => new LetterWords(
            text[$"{kind}Subject", caller.AccountName], [text[$"{kind}Text", by, caller.AccountName]], (text[$"{kind}Button"], link), text[$"{kind}Closing", InvitationTokens.Days]));
    }

    /// <summary>Where somebody whose address is not confirmed does so and sets a password. Works once, for a week.</summary>
    private async Task<Uri> Link(Person person, string origin, string purpose) => links.To(
        Page, origin, $"{person.Id}", await people.GenerateUserTokenAsync(person, InvitationTokens.Provider, purpose));

    /// <summary>As an invitation's link; with the password it opens a personal account.</summary>
    public Task<Uri> RegistrationLink(Person person, string origin) => Link(person, origin, InvitationTokens.RegistrationPurpose);

    /// <param name="who">From the link.</param>
    /// <param name="token">From the link.</param>
    /// <returns>The person whom the link invites; refused when it is not, or no longer, valid.</returns>
    public async Task<Outcome<Person>> Find(string? who, string? token)
    {
        var person = Guid.TryParse(who, out var id) ? await people.FindByIdAsync($"{id}") : null;
        return person is { EmailConfirmed: false } && (await Is(person, token, InvitationTokens.Purpose) || await Is(person, token, InvitationTokens.RegistrationPurpose))
            ? person
            : new Refusal("invitation.invalid");
    }

    /// <summary>Sets name and password; whoever has the link owns the address that it was sent to.</summary>
    public async Task<Outcome<Joined>> Accept(string? who, string? token, NewPerson told, CancellationToken cancel = default)
    {
        if (!(await Find(who, token)).IsDone(out var refusal, out var person))
        {
            return refusal;
        }

        if (!NewPerson.IsName(told.Name))
        {
            return new Refusal("person.name", $"{NewPerson.NameLengthMax}");
        }

        // A password that was set before the address was proved is anybody's.
        (person.DisplayName, person.EmailConfirmed, person.PasswordHash) = (told.Name.Trim(), true, null);
        if (await Is(person, token, InvitationTokens.RegistrationPurpose) && !await db.Memberships.AnyAsync(m => m.PersonId == person.Id && m.Account.Kind == AccountKind.Personal, cancel))
        {
            await Open(person, told, cancel);
        }

        var result = await people.AddPasswordAsync(person, told.Password);
        if (result.Succeeded)
        {
            return new Joined(person, await trials.Decide(person.Id, cancel));
        }

        db.ChangeTracker.Clear();
        var codes = result.Errors.Select(error => error.Code).ToList();
        return codes.TrueForAll(code => code.StartsWith("Password", StringComparison.Ordinal)) ? new Refusal("password.weak", $"{people.Options.Password.RequiredLength}")
            // The same link at the same moment: the other one was first.
            : codes.Contains(nameof(IdentityErrorDescriber.ConcurrencyFailure)) ? new Refusal("invitation.invalid")
            : throw new InvalidOperationException($"{person.Id} cannot join: {string.Join(", ", codes)}");
    }

    /// <summary>Saved with the password.</summary>
    private async Task Open(Person person, NewPerson told, CancellationToken cancel)
    {
        var claim = told.Signals is { } signals ? await trials.Claim(person, signals, cancel) : null;
        if (claim is not null) db.TrialClaims.Add(claim);
        var account = AccountOpener.Open(db, AccountKind.Personal, person.DisplayName, person.Id, clock.GetUtcNow());
        if (told.TimeZone is not null && TimeZoneInfo.TryFindSystemTimeZoneById(told.TimeZone, out var zone)) account.TimeZone = zone.Id;
    }

    private async Task<bool> Is(Person person, string? token, string purpose) =>
        LetterLinks.Token(token) is { } given && await people.VerifyUserTokenAsync(person, InvitationTokens.Provider, purpose, given);
}
