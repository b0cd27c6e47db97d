using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Support;

namespace Portal.Support.Tickets;

/// <summary>The answers that the staff give often, and one of them as a letter to somebody.</summary>
public sealed class CannedAnswers(IDbContextFactory<PortalDb> databases, TimeProvider clock)
{
    /// <summary>Stands in a text for the customer's name.</summary>
    public const string NameMark = "{name}";

    public const int AnswersMax = 200;

    public async Task<Outcome<List<CannedAnswer>>> List(Caller caller, CancellationToken cancel = default)
    {
        if (caller.WhyNotSee(Right.Serve) is { } no) return no;
        await using var db = databases.CreateDbContext();
        return await db.CannedAnswers.AsNoTracking().OrderBy(a => a.Name).Take(AnswersMax).ToListAsync(cancel);
    }

    /// <summary>Writes a new answer, or one that is there anew.</summary>
    /// <param name="id">The answer's; of a new one the form's token.</param>
    public async Task<Outcome<Done>> Save(Caller caller, Guid id, string name, string english, string chinese, CancellationToken cancel = default)
    {
        if (caller.WhyNot(Right.Serve) is { } no) return no;
        (name, english, chinese) = (PlainText.Of(name).ReplaceLineEndings(" "), PlainText.Of(english), PlainText.Of(chinese));
        if (name.Length is 0 or > CannedAnswer.NameLengthMax)
        {
            return new Refusal("answer.name", $"{CannedAnswer.NameLengthMax}");
        }

        if (english.Length is 0 or > CannedAnswer.TextLengthMax || chinese.Length is 0 or > CannedAnswer.TextLengthMax)
        {
            return new Refusal("answer.text", $"{CannedAnswer.TextLengthMax}");
        }

        await using var db = databases.CreateDbContext();
        var answer = await db.CannedAnswers.FirstOrDefaultAsync(a => a.Id == id, cancel);
        if (answer is not null && (answer.Name, answer.TextEn, answer.TextZh) == (name, english, chinese))
        {
            return default(Done);
        }

        if (answer is null && await db.CannedAnswers.CountAsync(cancel) >= AnswersMax)
        {
            return new Refusal("answer.many", $"{AnswersMax}");
        }

        var before = answer?.Name;
        if (answer is null)
        {
            answer = new CannedAnswer { Id = id, Name = name, TextEn = english, TextZh = chinese };
            db.CannedAnswers.Add(answer);
        }

        (answer.Name, answer.TextEn, answer.TextZh, answer.UpdatedAt) = (name, english, chinese, clock.GetUtcNow());
        Audit(db, caller, "answer.saved", answer, before);
        return await Write(db, cancel);
    }

    public async Task<Outcome<Done>> Delete(Caller caller, Guid id, CancellationToken cancel = default)
    {
        if (caller.WhyNot(Right.Serve) is { } no) return no;
        await using var db = databases.CreateDbContext();
        if (await db.CannedAnswers.FirstOrDefaultAsync(a => a.Id == id, cancel) is not { } answer)
        {
            return Refusal.NotFound;
        }

        db.CannedAnswers.Remove(answer);
        Audit(db, caller, "answer.deleted", answer, answer.Name);
        return await Write(db, cancel);
    }

    private static async Task<Outcome<Done>> Write(PortalDb db, CancellationToken cancel)
    {
        try
        {
            await db.SaveChangesAsync(cancel);
            return default(Done);
        }
        catch (DbUpdateConcurrencyException)
        {
            // A colleague deleted it in this moment.
            return Refusal.NotFound;
        }
    }

    /// <summary>The answer in the language of a ticket's writer, with their name.</summary>
    public async Task<Outcome<string>> For(Caller caller, Guid id, Guid ticketId, CancellationToken cancel = default)
    {
        if (caller.WhyNotSee(Right.Serve) is { } no) return no;
        await using var db = databases.CreateDbContext();
        var answer = await db.CannedAnswers.AsNoTracking().FirstOrDefaultAsync(a => a.Id == id, cancel);
        var writer = await db.Tickets.Where(t => t.Id == ticketId).Join(db.Users, t => t.PersonId, p => p.Id, (t, p) => new { p.DisplayName, p.Email, p.Culture }).FirstOrDefaultAsync(cancel);
        if (answer is null || writer is null)
        {
            return Refusal.NotFound;
        }

        var name = writer.DisplayName.Length > 0 ? writer.DisplayName : writer.Email!;
        return (writer.Culture == "zh-CN" ? answer.TextZh : answer.TextEn).Replace(NameMark, name, StringComparison.Ordinal);
    }

    private void Audit(PortalDb db, Caller caller, string action, CannedAnswer answer, string? before) => db.AuditEntries.Add(new AuditEntry
    {
        At = clock.GetUtcNow(), PersonId = caller.PersonId, Action = action, Subject = $"{answer.Id}", Detail = answer.Name, Before = before, After = action == "answer.deleted" ? null : answer.Name,
    });
}
