using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Payments.Cards;
using Portal.Payments.Mail;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Payments.Mail;

/// <summary>Letters before the card that is charged ends.</summary>
public sealed class CardLettersTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("en", "Your card ending in 4242 expires soon", "August 2026")]
    [InlineData("zh-CN", "尾号 4242 的银行卡即将到期", "2026 年 8 月底")]
    public async Task The_card_that_is_charged_is_written_about_once_in_the_readers_language(string culture, string subject, string month)
    {
        await using var scene = await PaymentScene.CreateAsync();
        await scene.SaveCardAsync(expiry: "08/26");
        await using (var db = scene.Host.Database.Open())
        {
            await db.Users.ExecuteUpdateAsync(set => set.SetProperty(p => p.Culture, culture), Cancel);
        }

        Assert.Equal(0, await WriteAsync(scene, new(2026, 8, 1, 23, 0, 0, default)));
        Assert.Equal(1, await WriteAsync(scene, new(2026, 8, 2, 1, 0, 0, default)));
        Assert.Equal(0, await WriteAsync(scene, new(2026, 8, 20, 0, 0, 0, default)));
        Assert.Equal(0, await WriteAsync(scene, new(2026, 9, 1, 0, 0, 0, default)));

        await using var after = scene.Host.Database.Open();
        var letter = await after.OutboxMails.SingleAsync(Cancel);
        Assert.Equal(subject, letter.Subject);
        Assert.Contains(month, System.Net.WebUtility.HtmlDecode(letter.Html), StringComparison.Ordinal);
        Assert.Contains("billing/cards", letter.Html, StringComparison.Ordinal);
        await SentAsync(scene);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Two_nodes_write_one_letter_and_none_about_a_card_that_is_not_charged(DatabaseProvider provider)
    {
        await using var scene = await PaymentScene.CreateAsync(provider);
        var old = await scene.SaveCardAsync(expiry: "08/26");
        scene.Host.Time.Advance(TimeSpan.FromSeconds(2));
        await scene.SaveCardAsync("5555555555554444");
        Assert.Equal(0, await WriteAsync(scene, new(2026, 8, 20, 0, 0, 0, default)));

        await scene.Host.Get<CardDesk>().MakeDefault(scene.Customer, old.Id, Cancel);
        var letters = scene.Host.Get<CardLetters>();
        Assert.Equal(1, (await Task.WhenAll(letters.Write(Cancel), letters.Write(Cancel))).Sum());
        await SentAsync(scene);
    }

    private static Task<int> WriteAsync(PaymentScene scene, DateTimeOffset at)
    {
        scene.Host.Time.SetUtcNow(at);
        return scene.Host.Get<CardLetters>().Write(Cancel);
    }

    private static async Task SentAsync(PaymentScene scene)
    {
        await using var db = scene.Host.Database.Open();
        await db.OutboxMails.ExecuteUpdateAsync(set => set.SetProperty(m => m.SentAt, m => m.CreatedAt), Cancel);
    }
}
