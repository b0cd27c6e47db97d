using System.Globalization;
using System.Resources;
using Portal.Components.Pages.Desk;
using Portal.Data.Billing;

namespace Portal.Tests.Components.Pages.Desk;

public sealed class DeskTextTests
{
    public static TheoryData<string> AccountCodes => [.. typeof(LedgerCodes).GetFields().Select(f => (string)f.GetRawConstantValue()!)];

    [Theory, MemberData(nameof(AccountCodes))]
    public void Every_account_of_the_ledger_has_its_word_in_both_languages(string code)
    {
        var words = new ResourceManager(typeof(DeskText));

        Assert.All(new[] { "en", "zh-CN" }, culture => Assert.NotNull(words.GetString($"Account.{code}", CultureInfo.GetCultureInfo(culture))));
    }
}
