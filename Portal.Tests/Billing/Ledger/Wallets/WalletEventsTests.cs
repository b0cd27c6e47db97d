using System.Globalization;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Billing.Ledger.Wallets;

public sealed class WalletEventsTests
{
    [Fact]
    public async Task A_listener_keeps_its_own_language_whoever_changes_the_wallet()
    {
        var events = new WalletEvents();
        var wallet = Guid.NewGuid();
        var heard = "";
        IDisposable? subscription = null;
        await Task.Run(() =>
        {
            CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("zh-CN");
            subscription = events.Subscribe(wallet, () => heard = CultureInfo.CurrentUICulture.Name);
        }, TestContext.Current.CancellationToken);

        await Task.Run(() =>
        {
            CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("en");
            events.Publish(wallet);
            Assert.Equal("en", CultureInfo.CurrentUICulture.Name);
        }, TestContext.Current.CancellationToken);
        await Until.TrueAsync("the listener heard in its own language", () => Task.FromResult(Volatile.Read(ref heard) == "zh-CN"));

        heard = "";
        subscription!.Dispose();
        events.Publish(wallet);
        Assert.Equal("", heard);
    }

    [Fact]
    public void A_wallet_is_forgotten_with_its_last_listener()
    {
        var events = new WalletEvents();
        var wallets = Enumerable.Range(0, 100).Select(_ => Guid.NewGuid()).ToList();
        var stays = events.Subscribe(wallets[0], () => { });

        Parallel.For(0, 10_000, i => events.Subscribe(wallets[i % wallets.Count], () => { }).Dispose());

        Assert.Equal(1, events.Watched);
        stays.Dispose();
        Assert.Equal(0, events.Watched);
    }
}
