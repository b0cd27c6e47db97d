using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Identity;
using Portal.Accounts;
using Portal.Commands;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Tests.Accounts.Members;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Commands;

public sealed partial class AdminCommandTests : IAsyncDisposable
{
    private MemberScene scene = null!;

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task The_first_administrator_of_production_signs_in_with_the_password_that_is_told_once(DatabaseProvider provider)
    {
        scene = await MemberScene.Empty(provider, "Production");

        var (code, told, _) = await Run("first@portal.example");

        Assert.Equal(0, code);
        var people = scene.Get<UserManager<Person>>();
        var person = (await people.FindByEmailAsync("first@portal.example"))!;
        Assert.True(await people.CheckPasswordAsync(person, Password().Match(told).Groups[1].Value));
        Assert.True(person.EmailConfirmed && await people.IsInRoleAsync(person, Roles.Administrator));
        Assert.NotEmpty(await scene.Get<Callers>().Choices(person.Id, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Again_for_the_same_person_says_so_and_changes_nothing()
    {
        scene = await MemberScene.Empty(DatabaseProvider.Sqlite, "Production");
        await Run("first@portal.example");
        var hash = (await scene.Get<UserManager<Person>>().FindByEmailAsync("first@portal.example"))!.PasswordHash;

        var (code, told, _) = await Run("First@portal.example");

        Assert.Equal((0, "first@portal.example is an administrator already; nothing was changed."), (code, told.Trim()));
        Assert.Equal(hash, (await scene.Get<UserManager<Person>>().FindByEmailAsync("first@portal.example"))!.PasswordHash);
    }

    [Fact]
    public async Task A_known_person_gets_the_role_and_keeps_the_password_and_earlier_administrators_are_named()
    {
        scene = await MemberScene.Empty(DatabaseProvider.Sqlite, "Production");
        await Run("first@portal.example");
        var person = await scene.NewPerson("second@portal.example");

        var (code, told, _) = await Run("second@portal.example");

        Assert.Equal(0, code);
        Assert.Contains("There is an administrator already: first@portal.example.", told, StringComparison.Ordinal);
        Assert.DoesNotContain("told only now", told, StringComparison.Ordinal);
        Assert.True(await scene.Get<UserManager<Person>>().IsInRoleAsync(person, Roles.Administrator));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("nobody")]
    public async Task Without_an_address_it_says_how_it_is_called(string? email)
    {
        scene = await MemberScene.Empty(DatabaseProvider.Sqlite, "Production");

        var (code, told, errors) = await Run(email);

        Assert.Equal((2, "", "Usage: Portal admin EMAIL"), (code, told, errors.Trim()));
    }

    public async ValueTask DisposeAsync()
    {
        if (scene is not null) await scene.DisposeAsync();
    }

    private async Task<(int Code, string Told, string Errors)> Run(string? email)
    {
        var (output, errors) = (new StringWriter(), new StringWriter());
        var code = await AdminCommand.Run(scene.Services, email, output, errors, TestContext.Current.CancellationToken);
        return (code, output.ToString(), errors.ToString());
    }

    [GeneratedRegex("told only now: (\\S+)")]
    private static partial Regex Password();
}
