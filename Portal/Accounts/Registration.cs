using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts.Mail;
using Portal.Accounts.Members;
using Portal.Data.Accounts;

namespace Portal.Accounts;

/// <summary>
/// Writes to an address that somebody registers. Name and password are chosen where the letter leads: whoever typed the address may be anybody.
/// </summary>
public sealed class Registration(UserManager<Person> people, AccountLetters letters, LetterLinks links, Invitations invitations, TimeProvider time)
{
    /// <summary>Answers alike whether the address was free or has an account: the difference is told only in the letter.</summary>
    /// <param name="culture">Of the letter: <c>en</c> or <c>zh-CN</c>.</param>
    /// <param name="requestBase">See <see cref="LetterLinks.To"/>.</param>
    /// <returns>What is wrong with the address, in the person's language.</returns>
    public async Task<IdentityResult> Register(string email, string culture, string requestBase, CancellationToken cancel = default)
    {
        if (await people.FindByEmailAsync(email) is { } known)
        {
            await Tell(known, requestBase, cancel);
            return IdentityResult.Success;
        }

        var now = time.GetUtcNow();
        var person = new Person { Id = Guid.CreateVersion7(now), UserName = email, Email = email, DisplayName = "", Culture = culture, CreatedAt = now };
        try
        {
            var result = await people.CreateAsync(person);
            if (result.Succeeded) await Tell(person, requestBase, cancel);
            return result.Errors.Any(error => error.Code.StartsWith("Duplicate", StringComparison.Ordinal)) ? IdentityResult.Success : result;
        }
        catch (DbUpdateException) when (!cancel.IsCancellationRequested)
        {
            // The same address at the same moment: the other one writes the letter.
            if (await people.FindByEmailAsync(email) is null) throw;
            return IdentityResult.Success;
        }
    }

    /// <summary>Writes the letter again, if the address still waits for it; nobody else learns whether it does.</summary>
    public async Task Resend(string email, string requestBase, CancellationToken cancel = default)
    {
        if (await people.FindByEmailAsync(email) is { EmailConfirmed: false } person) await Tell(person, requestBase, cancel);
    }

    private async Task Tell(Person person, string requestBase, CancellationToken cancel)
    {
        if (person.EmailConfirmed) await letters.AlreadyRegistered(person, links.To("account/login", requestBase), cancel);
        else await letters.ChoosePassword(person, await invitations.RegistrationLink(person, requestBase), cancel);
    }
}
