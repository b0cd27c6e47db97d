using System.Globalization;
using Portal.Billing.Ledger;

namespace Portal.Tests.Billing.Ledger;

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
        Assert.Equal("zh-CN", heard);

        heard = "";
        subscription!.Dispose();
        events.Publish(wallet);
        Assert.Equal("", heard);
    }
}
