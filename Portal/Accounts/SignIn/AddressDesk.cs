using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts.Mail;
using Portal.Accounts.Members;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Support;

namespace Portal.Accounts.SignIn;

/// <summary>
/// Another address to sign in with and to get letters at: asked for with the password, taken when its owner says so where a letter to it leads. Seats,
/// keys and money belong to the person and stay.
/// </summary>
public sealed class AddressDesk(UserManager<Person> people, PortalDb db, AccountLetters letters, LetterLinks links, TimeProvider clock)
{
    /// <summary>Where the letter leads.</summary>
    public const string Page = "account/new-address";

    /// <summary>In the audit; its subject is the normalised address of before, by which whoever lost theirs to a stranger is found.</summary>
    public const string Action = "person.address";

    /// <summary>Writes to the address. Answers alike whether it was free or has an account: the difference is told only in the letter.</summary>
    /// <param name="requestBase">See <see cref="LetterLinks.To(string, string, string?, string?)"/>.</param>
    public async Task<Outcome<Done>> Ask(Caller caller, string password, string address, string requestBase, CancellationToken cancel = default)
    {
        if (caller.ReadOnly) return Refusal.ReadOnly;
        if (await people.FindByIdAsync($"{caller.PersonId}") is not { } person)
        {
            return Refusal.NotFound;
        }

        if (!NewPerson.IsEmail(address) || people.NormalizeEmail(address) == person.NormalizedEmail)
        {
            return new Refusal("address.invalid");
        }

        if (!await people.CheckPasswordAsync(person, password))
        {
            return new Refusal("address.password");
        }

        if (await people.FindByEmailAsync(address) is { } owner)
        {
            await letters.AddressTaken(owner, links.To("account/login", requestBase), cancel);
        }
        else
        {
            var token = await people.GenerateChangeEmailTokenAsync(person, address);
            await letters.ConfirmAddress(person, address, links.To(Page, requestBase, $"{person.Id}", $"{address}\n{token}"), cancel);
        }

        return default(Done);
    }

    /// <param name="who">From the link.</param>
    /// <param name="token">From the link.</param>
    /// <returns>The address that the link is about.</returns>
    public async Task<Outcome<string>> Find(string? who, string? token) =>
        (await Read(who, token)).IsDone(out var refusal, out var found) ? found.Address : refusal;

    /// <summary>The address is the person's from now on; every session ends, and the address of before gets a letter.</summary>
    public async Task<Outcome<string>> Confirm(string? who, string? token, CancellationToken cancel = default)
    {
        if (!(await Read(who, token)).IsDone(out var refusal, out var found))
        {
            return refusal;
        }

        var (person, address) = found;
        db.OutboxMails.Add(letters.AddressChanged(person, address));
        db.AuditEntries.Add(new AuditEntry
        {
            At = clock.GetUtcNow(), PersonId = person.Id, AccountId = await FirstAccount.Of(db, person.Id, cancel), Action = Action, Subject = person.NormalizedEmail!,
            Detail = $"{person.Email} → {address}", Before = person.Email, After = address,
        });
        (person.Email, person.UserName) = (address, address);
        try
        {
            if ((await people.UpdateSecurityStampAsync(person)).Succeeded)
            {
                return address;
            }
        }
        catch (DbUpdateException) when (!cancel.IsCancellationRequested)
        {
            // Somebody took the address in the same moment.
        }

        db.ChangeTracker.Clear();
        return new Refusal("address.taken");
    }

    private async Task<Outcome<(Person Person, string Address)>> Read(string? who, string? token)
    {
        var (address, proof) = LetterLinks.Token(token)?.Split('\n') is [var first, var second] ? (first, second) : ("", "");
        return Guid.TryParse(who, out var id) && await people.FindByIdAsync($"{id}") is { } person && !(person.LockoutEnd >= StaffLock.End)
            && await people.VerifyUserTokenAsync(person, people.Options.Tokens.ChangeEmailTokenProvider, UserManager<Person>.GetChangeEmailTokenPurpose(address), proof)
            ? (person, address)
            : new Refusal("address.link");
    }
}
