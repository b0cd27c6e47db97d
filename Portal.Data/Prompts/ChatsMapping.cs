using Microsoft.EntityFrameworkCore;
using Portal.Data.Accounts;

namespace Portal.Data.Prompts;

internal static class ChatsMapping
{
    public static void Map(ModelBuilder builder)
    {
        builder.Entity<Chat>(e =>
        {
            e.HasIndex(c => new { c.PersonId, c.AccountId, c.UpdatedAt });
            e.Property(c => c.Title).HasMaxLength(120);
            e.Property(c => c.System).Metadata.SetMaxLength(-1);
            e.HasOne<Person>().WithMany().HasForeignKey(c => c.PersonId).OnDelete(DeleteBehavior.Cascade);
            e.HasMany(c => c.Turns).WithOne().HasForeignKey(t => t.ChatId).OnDelete(DeleteBehavior.Cascade);
        });
        builder.Entity<ChatTurn>(e =>
        {
            e.HasIndex(t => new { t.ChatId, t.At });
            e.Property(t => t.Model).HasMaxLength(80);
            e.Property(t => t.Prompt).Metadata.SetMaxLength(-1);
            e.Property(t => t.Answer).Metadata.SetMaxLength(-1);
            e.Property(t => t.Finish).HasMaxLength(20);
        });
    }
}
