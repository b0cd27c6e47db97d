using Microsoft.EntityFrameworkCore;
using Portal.Accounts.Members;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Accounts.Members;

public sealed class OrganisationsTests : IAsyncDisposable
{
    private MemberScene scene = null!;

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Whoever_opens_an_organisation_owns_it_and_the_same_form_opens_one(DatabaseProvider provider)
    {
        scene = await MemberScene.Start(provider);
        var form = Guid.NewGuid();

        var opened = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => scene.Get<Organisations>().Create(scene.Student, " Evening class ", form))));

        Assert.All(opened, o => Assert.Equal(form, o.Value));
        await using var db = scene.Open();
        var account = await db.Accounts.Include(a => a.Members).SingleAsync(a => a.Name == "Evening class", TestContext.Current.CancellationToken);
        var owner = Assert.Single(account.Members);
        Assert.Equal((scene.Student.PersonId, MemberRole.Owner), (owner.PersonId, owner.Role));
        Assert.True(await db.Projects.AnyAsync(p => p.AccountId == form, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("two\nlines")]
    public async Task A_name_must_be_one_line_of_some_length(string name)
    {
        scene = await MemberScene.Start(DatabaseProvider.Sqlite);
        var organisations = scene.Get<Organisations>();

        Assert.Equal("organisation.name", (await organisations.Create(scene.Owner, name, Guid.NewGuid())).Refusal?.Code);
        Assert.Equal("organisation.name", (await organisations.Create(scene.Owner, new string('x', Organisations.NameLengthMax + 1), Guid.NewGuid())).Refusal?.Code);
    }

    [Fact]
    public async Task An_address_that_was_not_confirmed_opens_nothing_and_a_form_of_somebody_else_is_not_found()
    {
        scene = await MemberScene.Start(DatabaseProvider.Sqlite);
        Assert.Equal(Refusal.NotFound, (await scene.Get<Organisations>().Create(scene.Stranger, "Mine", scene.Account)).Refusal);
        await using var db = scene.Open();
        await db.Users.Where(p => p.Id == scene.Owner.PersonId).ExecuteUpdateAsync(set => set.SetProperty(p => p.EmailConfirmed, false), TestContext.Current.CancellationToken);

        Assert.Equal("email.unconfirmed", (await scene.Get<Organisations>().Create(scene.Owner, "Mine", Guid.NewGuid())).Refusal?.Code);
    }

    public async ValueTask DisposeAsync()
    {
        if (scene is not null) await scene.DisposeAsync();
    }
}
