using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Portal.Accounts;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Support;
using Portal.Database;

namespace Portal.Commands;

/// <summary><c>admin EMAIL</c>: makes an administrator, in Production too. A new person's password is told once, here.</summary>
public static class AdminCommand
{
    private const string PasswordLetters = "abcdefghjkmnpqrstuvwxyz23456789";
    private const int PasswordLength = 20;

    /// <returns>0 when the person is an administrator now, 2 when it was called wrongly.</returns>
    public static async Task<int> Run(IServiceProvider services, string? email, TextWriter output, TextWriter errors, CancellationToken cancel = default)
    {
        if (!NewPerson.IsEmail(email))
        {
            await errors.WriteLineAsync("Usage: Portal admin EMAIL");
            return 2;
        }

        await services.GetServices<IHostedService>().OfType<Preparation>().Single().Prepare(cancel);
        await using var scope = services.CreateAsyncScope();
        await StaffRoles.Ensure(scope.ServiceProvider.GetRequiredService<RoleManager<IdentityRole<Guid>>>());
        var people = scope.ServiceProvider.GetRequiredService<UserManager<Person>>();
        var others = (await people.GetUsersInRoleAsync(Roles.Administrator)).Where(p => !string.Equals(p.Email, email, StringComparison.OrdinalIgnoreCase)).ToList();
        if (others.Count > 0)
        {
            await output.WriteLineAsync($"There is an administrator already: {string.Join(", ", others.Select(p => p.Email))}.");
        }

        var db = scope.ServiceProvider.GetRequiredService<PortalDb>();
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var known = await people.FindByEmailAsync(email!);
        if (known is not null && await people.IsInRoleAsync(known, Roles.Administrator))
        {
            await output.WriteLineAsync($"{known.Email} is an administrator already; nothing was changed.");
            return 0;
        }

        var password = RandomNumberGenerator.GetString(PasswordLetters, PasswordLength);
        var person = known ?? await Create(people, db, email!, password, now);
        Must(await people.AddToRoleAsync(person, Roles.Administrator));
        db.AuditEntries.Add(new AuditEntry
        {
            At = now, PersonId = person.Id, Action = "administrator.made", Subject = $"{person.Id}", Detail = $"{person.Email}: by the command line",
        });
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        await output.WriteLineAsync(known is not null
            ? $"{person.Email} is an administrator from the next sign-in on. The password stays as it is."
            : $"{person.Email} is an administrator. The password, told only now: {password}\nPlease choose another one after the first sign-in.");
        return 0;
    }

    private static async Task<Person> Create(UserManager<Person> people, PortalDb db, string email, string password, DateTimeOffset now)
    {
        var person = new Person
        {
            Id = Guid.CreateVersion7(now), UserName = email, Email = email, EmailConfirmed = true, DisplayName = email.Split('@')[0], CreatedAt = now,
        };
        Must(await people.CreateAsync(person, password));
        AccountOpener.Open(db, AccountKind.Personal, person.DisplayName, person.Id, now);
        return person;
    }

    private static void Must(IdentityResult result)
    {
        if (!result.Succeeded)
        {
            throw new InvalidOperationException(string.Join(" ", result.Errors.Select(e => e.Description)));
        }
    }
}
