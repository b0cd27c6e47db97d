using Portal.Tests.Fixtures;

namespace Portal.Tests.Browser;

/// <summary>
/// The base of a browser test: opens visitors on the portal of the test's class. A test that fails leaves pictures and HTML of their pages;
/// one that passes must have left no script error and no error in the portal's log.
/// </summary>
public abstract class BrowserTest(PortalApp portal) : IAsyncLifetime
{
    private readonly List<Visitor> visitors = [];
    private int errorsBefore;

    protected PortalApp App { get; } = portal;

    public ValueTask InitializeAsync()
    {
        errorsBefore = App.Errors.Count;
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        var test = TestContext.Current;
        var failed = test.TestState?.Result == TestResult.Failed;
        foreach (var (index, visitor) in visitors.Index())
        {
            if (failed) await visitor.KeepEvidenceAsync($"{test.Test?.TestDisplayName}-{index + 1}");
            await visitor.DisposeAsync();
        }
        if (!failed)
        {
            Assert.Empty(visitors.SelectMany(visitor => visitor.ScriptErrors));
            Assert.Empty(App.Errors.Skip(errorsBefore));
        }
        GC.SuppressFinalize(this);
    }

    /// <summary>A new person at a browser that has never seen the portal.</summary>
    protected async Task<Visitor> ArriveAsync(Look? look = null)
    {
        var visitor = await Visitor.ArriveAsync(await TestRun.Chromium, App.Address, look ?? new Look());
        visitors.Add(visitor);
        return visitor;
    }

    /// <summary>Somebody who has signed in already, and sees the first page that the test opens: for tests of what comes after signing in.</summary>
    protected async Task<Visitor> ArriveAsAsync(string email, Look? look = null)
    {
        var visitor = await ArriveAsync(look);
        var (name, value) = await App.SignInAsync(email);
        await visitor.BringAsync(App.Address, name, value);
        return visitor;
    }

    /// <summary>A new customer with so many yuan of purchased credit, signed in.</summary>
    protected async Task<(Visitor Visitor, TestPerson Person)> ArriveWithCreditAsync(Look look, decimal credit)
    {
        var person = await App.AddPersonAsync($"ada-{Guid.NewGuid():N}@example.com", look.Language);
        if (credit > 0) await Books.TopUp(App.Database.Factory, TimeProvider.System, person.AccountId, credit);
        return (await ArriveAsAsync(person.Email, look), person);
    }
}
