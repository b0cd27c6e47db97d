using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Data.Prompts;
using Portal.Prompts.Answers;
using Portal.Prompts.Requests;

namespace Portal.Prompts.Chats;

/// <summary>Keeps the conversations of people. One is its person's alone: members and staff of the account do not see it.</summary>
public sealed class ChatDesk(IDbContextFactory<PortalDb> databases, TimeProvider clock)
{
    // A title that nobody chose is the beginning of the first prompt.
    private const int OwnTitleLength = 60;

    /// <summary>The caller's, latest first.</summary>
    public async Task<List<ChatSummary>> List(Caller caller, CancellationToken cancel = default)
    {
        await using var db = databases.CreateDbContext();
        return await Mine(db, caller).AsNoTracking().OrderByDescending(c => c.UpdatedAt).Take(ChatLimits.ChatsMax)
            .Select(c => new ChatSummary(c.Id, c.Title, c.UpdatedAt)).ToListAsync(cancel);
    }

    public async Task<Outcome<ChatView>> Read(Caller caller, Guid chatId, CancellationToken cancel = default)
    {
        await using var db = databases.CreateDbContext();
        if (await Mine(db, caller).AsNoTracking().FirstOrDefaultAsync(c => c.Id == chatId, cancel) is not { } chat)
        {
            return Refusal.NotFound;
        }

        var rows = await db.ChatTurns.AsNoTracking().Where(t => t.ChatId == chatId).OrderBy(t => t.At).ThenBy(t => t.Id)
            .Select(t => new { Turn = t, Receipt = db.UsageRecords.Where(u => u.Id == t.Id && u.AccountId == caller.AccountId).Select(u => u.Receipt).FirstOrDefault() })
            .ToListAsync(cancel);
        return new ChatView(chat.Id, chat.Title, chat.System, rows.ConvertAll(row => View(row.Turn, row.Receipt)));
    }

    /// <summary>Adds a turn to a conversation. The same turn sent again changes nothing.</summary>
    /// <param name="opens">The conversation begins with this turn; otherwise one that is gone stays gone.</param>
    /// <param name="replaces">The turn whose place it takes.</param>
    public async Task<Outcome<Done>> Keep(
        Caller caller, Guid chatId, string system, KeptTurn turn, bool opens, Guid? replaces = null, CancellationToken cancel = default)
    {
        if (caller.ReadOnly) return Refusal.ReadOnly;
        var now = clock.GetUtcNow();
        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var chat = await Mine(db, caller).FirstOrDefaultAsync(c => c.Id == chatId, cancel);
        if (chat is null && !opens)
        {
            return Refusal.NotFound;
        }

        if (await db.ChatTurns.AnyAsync(t => t.Id == turn.Id, cancel))
        {
            return default(Done);
        }

        if (chat is null)
        {
            chat = new Chat { Id = chatId, AccountId = caller.AccountId, PersonId = caller.PersonId, Title = TitleOf(turn.Prompt), CreatedAt = now };
            db.Chats.Add(chat);
        }

        (chat.System, chat.UpdatedAt) = (PromptChecks.Clean(system), now);
        db.ChatTurns.Add(Row(chatId, turn));
        await db.SaveChangesAsync(cancel);
        if (replaces is { } old)
        {
            await db.ChatTurns.Where(t => t.ChatId == chatId && t.Id == old).ExecuteDeleteAsync(cancel);
        }

        await DropOldest(db, caller, chatId, cancel);
        await transaction.CommitAsync(cancel);
        return default(Done);
    }

    public async Task<Outcome<Done>> Rename(Caller caller, Guid chatId, string title, CancellationToken cancel = default)
    {
        if (caller.ReadOnly) return Refusal.ReadOnly;
        title = OneLine(title);
        if (title.Length is 0 or > ChatLimits.TitleLengthMax)
        {
            return new Refusal("chat.title", $"{ChatLimits.TitleLengthMax}");
        }

        await using var db = databases.CreateDbContext();
        return await Mine(db, caller).Where(c => c.Id == chatId).ExecuteUpdateAsync(set => set.SetProperty(c => c.Title, title), cancel) == 1
            ? default(Done)
            : Refusal.NotFound;
    }

    /// <summary>Deletes it with every word of it. What it cost stays in the usage, which has no words.</summary>
    public async Task<Outcome<Done>> Delete(Caller caller, Guid chatId, CancellationToken cancel = default)
    {
        if (caller.ReadOnly) return Refusal.ReadOnly;
        await using var db = databases.CreateDbContext();
        return await Mine(db, caller).Where(c => c.Id == chatId).ExecuteDeleteAsync(cancel) == 1 ? default(Done) : Refusal.NotFound;
    }

    private static IQueryable<Chat> Mine(PortalDb db, Caller caller) =>
        db.Chats.Where(c => c.PersonId == caller.PersonId && c.AccountId == caller.AccountId);

    private static async Task DropOldest(PortalDb db, Caller caller, Guid chatId, CancellationToken cancel)
    {
        var turns = await db.ChatTurns.Where(t => t.ChatId == chatId).OrderByDescending(t => t.At).ThenByDescending(t => t.Id)
            .Select(t => new { t.Id, Characters = t.Prompt.Length + t.Answer.Length }).ToListAsync(cancel);
        var gone = turns.Skip(ChatLimits.Kept(turns.Select(t => t.Characters))).Select(t => t.Id).ToList();
        if (gone.Count > 0)
        {
            await db.ChatTurns.Where(t => gone.Contains(t.Id)).ExecuteDeleteAsync(cancel);
        }

        var chats = await Mine(db, caller).OrderByDescending(c => c.UpdatedAt).ThenByDescending(c => c.CreatedAt).Skip(ChatLimits.ChatsMax).Select(c => c.Id).ToListAsync(cancel);
        if (chats.Count > 0)
        {
            await db.Chats.Where(c => chats.Contains(c.Id)).ExecuteDeleteAsync(cancel);
        }
    }

    private static ChatTurn Row(Guid chatId, KeptTurn turn) => new()
    {
        Id = turn.Id, ChatId = chatId, At = turn.At, Model = turn.Model, Prompt = PromptChecks.Clean(turn.Prompt), Answer = PromptChecks.Clean(turn.Answer),
        Finish = turn.Finish.ToString(), FirstMs = (int)turn.First.TotalMilliseconds, TotalMs = (int)turn.Total.TotalMilliseconds,
    };

    private static KeptTurn View(ChatTurn turn, string? receipt) => new(
        turn.Id, turn.At, turn.Model, turn.Prompt, turn.Answer, Enum.Parse<PromptFinish>(turn.Finish), TimeSpan.FromMilliseconds(turn.FirstMs),
        TimeSpan.FromMilliseconds(turn.TotalMs), receipt is null ? null : LedgerJson.ReadReceipt(receipt));

    private static string TitleOf(string prompt)
    {
        var line = OneLine(prompt);
        if (line.Length <= OwnTitleLength)
        {
            return line;
        }

        var end = char.IsHighSurrogate(line[OwnTitleLength - 1]) ? OwnTitleLength - 1 : OwnTitleLength;
        return $"{line[..end].TrimEnd()}…";
    }

    private static string OneLine(string text) => string.Join(' ', PromptChecks.Clean(text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
