using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Data;
using Portal.Data.Accounts;

namespace Portal.Tests.Fixtures.Running;

/// <summary>People who have registered and confirmed their address, for tests that begin after that.</summary>
public static class People
{
    public const string Password = "correct horse battery";

    /// <summary>Adds a person with a personal account.</summary>
    /// <param name="culture">`en` or `zh-CN`: the person's own language, which pages speak after they sign in.</param>
    /// <param name="roles">Of <see cref="Roles"/>; none for a customer.</param>
    public static async Task<TestPerson> AddPersonAsync(this PortalApp app, string email, string culture = "en", params string[] roles)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var people = scope.ServiceProvider.GetRequiredService<UserManager<Person>>();
        var now = scope.ServiceProvider.GetRequiredService<TimeProvider>().GetUtcNow();
        var person = new Person
        {
            Id = Guid.CreateVersion7(now), UserName = email, Email = email, EmailConfirmed = true, DisplayName = email.Split('@')[0], Culture = culture, CreatedAt = now,
        };
        AssertDone(await people.CreateAsync(person, Password));
        var groups = scope.ServiceProvider.GetRequiredService<RoleManager<IdentityRole<Guid>>>();
        foreach (var role in roles)
        {
            if (!await groups.RoleExistsAsync(role)) AssertDone(await groups.CreateAsync(new(role)));
            AssertDone(await people.AddToRoleAsync(person, role));
        }
        var db = scope.ServiceProvider.GetRequiredService<PortalDb>();
        var account = AccountOpener.Open(db, AccountKind.Personal, person.DisplayName, person.Id, now);
        await db.SaveChangesAsync();
        return new TestPerson(person.Id, email, account.Id);
    }

    private static void AssertDone(IdentityResult result) => Assert.True(result.Succeeded, $"{result}");
}
