using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Prompts.Answers;
using Portal.Prompts.Chats;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Prompts.Chats;

public sealed class ChatDeskTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_kept_conversation_is_read_again_in_order_with_the_receipts_of_its_turns(DatabaseProvider provider)
    {
        await using var scene = await PromptScene.Start(provider, yuan: 1);
        var desk = Desk(scene);
        var chat = Guid.NewGuid();
        scene.Text.Say(5);
        var request = PromptScene.Say("how to top up");
        var charged = (await scene.Run(request)).Receipt!;

        await Keep(desk, scene, chat, Turn(scene, "how to\u0000 top up", "one two\nthree", request.Id), opens: true);
        await Keep(desk, scene, chat, Turn(scene, "and then?", "four 五 🙂"), opens: false);

        var view = (await desk.Read(scene.Owner, chat, Cancel)).Value;
        Assert.Equal(("how to top up", "be brief"), (view.Title, view.System));
        Assert.Equal([("how to top up", "one two\nthree"), ("and then?", "four 五 🙂")], view.Turns.Select(t => (t.Prompt, t.Answer)));
        Assert.Equal([charged.ChargedNanos, null], view.Turns.Select(t => t.Receipt?.ChargedNanos));
        Assert.Equal((TimeSpan.FromMilliseconds(120), TimeSpan.FromMilliseconds(900), PromptFinish.Length), (view.Turns[1].First, view.Turns[1].Total, view.Turns[1].Finish));
        Assert.Equal([new ChatSummary(chat, "how to top up", scene.Time.GetUtcNow())], await desk.List(scene.Owner, Cancel));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Nobody_but_its_person_finds_a_conversation(DatabaseProvider provider)
    {
        await using var scene = await PromptScene.Start(provider);
        var desk = Desk(scene);
        var chat = Guid.NewGuid();
        await Keep(desk, scene, chat, Turn(scene, "secret", "answer"), opens: true);
        Caller[] others =
        [
            await scene.Student(), scene.Owner with { AccountId = Guid.NewGuid() }, scene.Owner with { PersonId = Guid.NewGuid(), IsSupport = true, IsAdministrator = true },
        ];

        foreach (var other in others)
        {
            Assert.Empty(await desk.List(other, Cancel));
            Assert.Equal(Refusal.NotFound, (await desk.Read(other, chat, Cancel)).Refusal);
            Assert.Equal(Refusal.NotFound, (await desk.Rename(other, chat, "mine", Cancel)).Refusal);
            Assert.Equal(Refusal.NotFound, (await desk.Delete(other, chat, Cancel)).Refusal);
            Assert.Equal(Refusal.NotFound, (await desk.Keep(other, chat, "", Turn(scene, "mine", "mine"), opens: false, cancel: Cancel)).Refusal);
        }

        Assert.Equal("secret", Assert.Single((await desk.Read(scene.Owner, chat, Cancel)).Value.Turns).Prompt);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Deleting_leaves_no_word_behind_and_what_comes_late_does_not_bring_it_back(DatabaseProvider provider)
    {
        await using var scene = await PromptScene.Start(provider);
        var desk = Desk(scene);
        var chat = Guid.NewGuid();
        await Keep(desk, scene, chat, Turn(scene, "secret", "answer"), opens: true);

        Assert.Null((await desk.Delete(scene.Owner, chat, Cancel)).Refusal);

        Assert.Equal(Refusal.NotFound, (await desk.Keep(scene.Owner, chat, "", Turn(scene, "late", "late"), opens: false, cancel: Cancel)).Refusal);
        Assert.Equal(Refusal.NotFound, (await desk.Delete(scene.Owner, chat, Cancel)).Refusal);
        await using var db = scene.Database.Open();
        Assert.False(await db.Chats.AnyAsync(Cancel) || await db.ChatTurns.AnyAsync(Cancel));
    }

    [Fact]
    public async Task A_name_of_a_sensible_length_is_taken_and_the_first_prompt_is_cut_to_one()
    {
        await using var scene = await PromptScene.Start();
        var desk = Desk(scene);
        var chat = Guid.NewGuid();
        await Keep(desk, scene, chat, Turn(scene, $"two\nlines {new string('x', 49)}🙂 and more", "answer"), opens: true);
        Assert.Equal($"two lines {new string('x', 49)}…", (await desk.Read(scene.Owner, chat, Cancel)).Value.Title);

        Assert.Equal(new Refusal("chat.title", "120"), (await desk.Rename(scene.Owner, chat, " \n ", Cancel)).Refusal);
        Assert.Equal(new Refusal("chat.title", "120"), (await desk.Rename(scene.Owner, chat, new string('x', 121), Cancel)).Refusal);
        Assert.Null((await desk.Rename(scene.Owner, chat, "  Top\nup ", Cancel)).Refusal);
        Assert.Equal("Top up", (await desk.Read(scene.Owner, chat, Cancel)).Value.Title);
    }

    [Fact]
    public async Task A_turn_sent_twice_is_one_and_another_takes_its_place()
    {
        await using var scene = await PromptScene.Start();
        var desk = Desk(scene);
        var chat = Guid.NewGuid();
        var first = Turn(scene, "how?", "so");
        await Keep(desk, scene, chat, first, opens: true);
        await Keep(desk, scene, chat, first, opens: true);

        await Keep(desk, scene, chat, Turn(scene, "how?", "otherwise"), opens: false, replaces: first.Id);

        Assert.Equal("otherwise", Assert.Single((await desk.Read(scene.Owner, chat, Cancel)).Value.Turns).Answer);
    }

    [Fact]
    public async Task The_latest_turns_and_the_latest_conversations_are_kept()
    {
        await using var scene = await PromptScene.Start();
        var desk = Desk(scene);
        var chat = Guid.NewGuid();
        for (var turn = 0; turn <= ChatLimits.TurnsMax; turn++) await Keep(desk, scene, chat, Turn(scene, $"prompt {turn}", "answer"), opens: turn == 0);
        Assert.Equal(ChatLimits.TurnsMax, (await desk.Read(scene.Owner, chat, Cancel)).Value.Turns.Count);
        Assert.Equal("prompt 1", (await desk.Read(scene.Owner, chat, Cancel)).Value.Turns[0].Prompt);

        for (var other = 0; other < ChatLimits.ChatsMax; other++) await Keep(desk, scene, Guid.NewGuid(), Turn(scene, $"chat {other}", "answer"), opens: true);

        Assert.Equal(ChatLimits.ChatsMax, (await desk.List(scene.Owner, Cancel)).Count);
        Assert.Equal(Refusal.NotFound, (await desk.Read(scene.Owner, chat, Cancel)).Refusal);
        await using var db = scene.Database.Open();
        Assert.Equal(ChatLimits.ChatsMax, await db.ChatTurns.CountAsync(Cancel));
    }

    [Theory]
    [InlineData(3, 10, 20, 30)]
    [InlineData(1, 400_001)]
    [InlineData(1, 400_001, 1)]
    [InlineData(2, 200_000, 200_000, 1)]
    public void As_many_of_the_latest_turns_stay_as_their_characters_allow(int kept, params int[] latestFirst) => Assert.Equal(kept, ChatLimits.Kept(latestFirst));

    private static ChatDesk Desk(PromptScene scene) => new(scene.Database.Factory, scene.Time);

    private static async Task Keep(ChatDesk desk, PromptScene scene, Guid chat, KeptTurn turn, bool opens, Guid? replaces = null) =>
        Assert.Null((await desk.Keep(scene.Owner, chat, "be brief", turn, opens, replaces, Cancel)).Refusal);

    private static KeptTurn Turn(PromptScene scene, string prompt, string answer, Guid? id = null)
    {
        scene.Time.Advance(TimeSpan.FromSeconds(1));
        return new(id ?? Guid.NewGuid(), scene.Time.GetUtcNow(), "guide", prompt, answer, PromptFinish.Length, TimeSpan.FromMilliseconds(120), TimeSpan.FromMilliseconds(900));
    }
}
