using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Jobs;
using Portal.Support.Mail;
using Portal.Tests.Accounts.Members;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Support.Mail;

public sealed class LetterDeskTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_plain_letter_goes_out_again_as_it_was_and_one_with_a_link_of_its_own_is_written_anew(DatabaseProvider provider)
    {
        await using var scene = await MemberScene.Start(provider);
        var (desk, staff) = (scene.Get<LetterDesk>(), scene.Stranger with { IsSupport = true });
        var plain = await Write(scene, "plan:renewed:1", "<p>Renewed</p>", sent: true);
        var reset = await Write(scene, "account:Reset:1", "<a href=\"https://portal.test/account/reset-password?token=OLDSECRET\">", sent: true);
        var waiting = await Write(scene, "alert:1", "<p>Low</p>", sent: false);
        var invitation = await Write(scene, "invitation:1", "<a href=\"https://portal.test/account/invitation?token=OLDSECRET\">", sent: true);
        var form = Guid.NewGuid();

        var listed = (await desk.List(staff, scene.Student.PersonId, Cancel)).Value;
        Assert.Equal("student@school.example", listed.Email);
        Assert.Equal(4, listed.Letters.Count);
        Assert.DoesNotContain("OLDSECRET", $"{string.Join(' ', listed.Letters)}", StringComparison.Ordinal);

        Assert.Equal("letter.waiting", (await Again(waiting, Guid.NewGuid())).Refusal?.Code);
        Assert.Equal("letter.invitation", (await Again(invitation, Guid.NewGuid())).Refusal?.Code);
        Assert.Null((await Again(plain, form)).Refusal);
        Assert.Null((await Again(plain, form)).Refusal);
        Assert.Null((await Again(reset, Guid.NewGuid())).Refusal);

        await using var db = scene.Open();
        Assert.Equal(2, await db.OutboxMails.CountAsync(m => m.Html == "<p>Renewed</p>", Cancel));
        var links = await db.OutboxMails.Where(m => m.DedupKey.StartsWith("account:Reset")).OrderBy(m => m.CreatedAt).Select(m => m.Html).ToListAsync(Cancel);
        Assert.Equal(2, links.Count);
        Assert.Single(links, html => html.Contains("OLDSECRET", StringComparison.Ordinal));
        Assert.Contains("reset-password", Assert.Single(links, html => !html.Contains("OLDSECRET", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal(2, await db.AuditEntries.CountAsync(a => a.Action == "letter.resent" && a.AccountId == scene.Account, Cancel));

        Task<Outcome<Done>> Again(Guid letter, Guid key) => desk.SendAgain(staff, scene.Student.PersonId, letter, MemberScene.Origin, key, Cancel);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_form_that_is_sent_several_times_at_once_sends_one_letter(DatabaseProvider provider)
    {
        await using var scene = await MemberScene.Start(provider);
        var (desk, staff) = (scene.Get<LetterDesk>(), scene.Stranger with { IsSupport = true });
        var plain = await Write(scene, "plan:renewed:1", "<p>Renewed</p>", sent: true);
        var reset = await Write(scene, "account:Reset:1", "<a href=\"https://portal.test/account/reset-password?token=OLDSECRET\">", sent: true);

        foreach (var letter in (Guid[])[plain, reset])
        {
            var form = Guid.NewGuid();
            var sent = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => desk.SendAgain(staff, scene.Student.PersonId, letter, MemberScene.Origin, form, Cancel), Cancel)));
            Assert.All(sent, one => Assert.Null(one.Refusal));
        }

        await using var db = scene.Open();
        Assert.Equal(2, await db.OutboxMails.CountAsync(m => m.Html == "<p>Renewed</p>", Cancel));
        Assert.Equal(2, await db.OutboxMails.CountAsync(m => m.DedupKey.StartsWith("account:Reset"), Cancel));
        Assert.Equal(2, await db.AuditEntries.CountAsync(a => a.Action == "letter.resent", Cancel));
    }

    [Fact]
    public async Task Nobody_sends_letters_of_others_or_reads_of_them()
    {
        await using var scene = await MemberScene.Start(DatabaseProvider.Sqlite);
        var (desk, staff) = (scene.Get<LetterDesk>(), scene.Stranger with { IsSupport = true });
        var letter = await Write(scene, "plan:renewed:1", "<p>Renewed</p>", sent: true);

        Assert.Equal(Refusal.NotFound, (await desk.List(scene.Owner, scene.Student.PersonId, Cancel)).Refusal);
        Assert.Equal(Refusal.NotFound, (await desk.List(staff, Guid.NewGuid(), Cancel)).Refusal);
        Assert.Equal(Refusal.NotFound, (await desk.SendAgain(scene.Owner, scene.Student.PersonId, letter, MemberScene.Origin, Guid.NewGuid(), Cancel)).Refusal);
        Assert.Equal(Refusal.NotFound, (await desk.SendAgain(staff, scene.Owner.PersonId, letter, MemberScene.Origin, Guid.NewGuid(), Cancel)).Refusal);
    }

    private static async Task<Guid> Write(MemberScene scene, string key, string html, bool sent)
    {
        var (id, now) = (Guid.NewGuid(), scene.Time.GetUtcNow());
        await using var db = scene.Open();
        db.OutboxMails.Add(new OutboxMail { Id = id, DedupKey = key, To = "student@school.example", Subject = "Subject", Html = html, CreatedAt = now, SentAt = sent ? now : null, NextAttemptAt = now });
        await db.SaveChangesAsync(Cancel);
        return id;
    }
}
