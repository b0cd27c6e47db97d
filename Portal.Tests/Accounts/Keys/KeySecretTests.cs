using Portal.Accounts.Keys;

namespace Portal.Tests.Accounts.Keys;

public sealed class KeySecretTests
{
    [Fact]
    public void A_secret_that_was_made_is_whole_and_no_two_are_alike()
    {
        var secrets = Enumerable.Range(0, 1000).Select(_ => KeySecret.Make()).ToList();

        Assert.All(secrets, secret => Assert.True(KeySecret.IsWhole(secret)));
        Assert.Equal(secrets.Count, secrets.Select(secret => secret[..KeySecret.PrefixLength]).Distinct().Count());
    }

    [Fact]
    public void One_wrong_character_anywhere_is_noticed()
    {
        var secret = KeySecret.Make();
        var wrong = from at in Enumerable.Range(0, secret.Length)
                    from other in "0123456789abcdefghjkmnpqrstvwxyz"
                    where other != secret[at]
                    select secret[..at] + other + secret[(at + 1)..];

        Assert.All(wrong, typed => Assert.False(KeySecret.IsWhole(typed)));
    }

    [Fact]
    public void Two_characters_in_the_wrong_order_are_noticed()
    {
        var secret = KeySecret.Make();
        var swapped = Enumerable.Range(0, secret.Length - 1).Where(at => secret[at] != secret[at + 1]).Select(at => $"{secret[..at]}{secret[at + 1]}{secret[at]}{secret[(at + 2)..]}");

        Assert.All(swapped, typed => Assert.False(KeySecret.IsWhole(typed)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("pk_")]
    [InlineData("sk-proj-abc")]
    public void What_is_no_secret_at_all_is_not_whole(string typed) => Assert.False(KeySecret.IsWhole(typed));

    [Fact]
    public void A_secret_that_was_cut_off_or_has_a_blank_after_it_is_not_whole()
    {
        var secret = KeySecret.Make();

        Assert.False(KeySecret.IsWhole(secret[..^1]));
        Assert.False(KeySecret.IsWhole(secret + " "));
    }
}
