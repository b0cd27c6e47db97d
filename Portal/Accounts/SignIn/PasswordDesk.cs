using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Portal.Accounts.Mail;
using Portal.Data.Accounts;

namespace Portal.Accounts.SignIn;

/// <summary>New passwords: by letter for who forgot theirs, by the old one for who knows it.</summary>
public sealed class PasswordDesk(
    UserManager<Person> people, SignInManager<Person> signIn, AccountLetters letters, LetterLinks links, IdentityErrorDescriber errors)
{
    /// <summary>Writes to the address if it has a confirmed account; the answer is the same either way.</summary>
    /// <param name="requestBase">See <see cref="LetterLinks.To"/>.</param>
    public async Task Forgotten(string email, string requestBase, CancellationToken cancel = default)
    {
        if (await people.FindByEmailAsync(email) is not { EmailConfirmed: true } person || person.LockoutEnd >= StaffLock.End) return;
        var token = await people.GeneratePasswordResetTokenAsync(person);
        await letters.ResetPassword(person, links.To("account/reset-password", requestBase, person.Id.ToString(), token), cancel);
    }

    /// <param name="who">The person's id, out of the link.</param>
    public async Task<IdentityResult> Reset(string? who, string? token, string password)
    {
        if (!Guid.TryParse(who, out var id) || LetterLinks.Token(token) is not { } plain || await people.FindByIdAsync(id.ToString()) is not { } person)
            return IdentityResult.Failed(errors.InvalidToken());
        var result = await people.ResetPasswordAsync(person, plain, password);
        // The minutes that wrong passwords cost are over; a lock of the staff's is not.
        if (result.Succeeded && person.LockoutEnd < StaffLock.End) await people.SetLockoutEndDateAsync(person, null);
        return result;
    }

    /// <summary>Also ends every other session of the person.</summary>
    public async Task<IdentityResult> Change(ClaimsPrincipal user, string before, string after)
    {
        if (await people.GetUserAsync(user) is not { } person) return IdentityResult.Failed(errors.DefaultError());
        var result = await people.ChangePasswordAsync(person, before, after);
        if (result.Succeeded)
        {
            // As it was: remembered or not, in the account that was chosen.
            var session = await signIn.Context.AuthenticateAsync(signIn.AuthenticationScheme);
            await signIn.SignInWithClaimsAsync(person, session.Properties, SignInDesk.Chosen(user));
        }
        return result;
    }
}
