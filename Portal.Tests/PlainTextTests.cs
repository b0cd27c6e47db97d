namespace Portal.Tests;

public sealed class PlainTextTests
{
    // Not in attributes, which cannot hold halves of characters.
    [Fact]
    public void What_people_type_is_what_every_database_takes()
    {
        (string Typed, string Text)[] all =
        [
            ("", ""), ("  a word \t", "a word"), ("one\r\ntwo\rthree", "one\ntwo\nthree"), ("a\0b\u001b[31mc", "ab[31mc"), ("退款 😀 <b>", "退款 😀 <b>"),
            ("half \ud83d", "half"), ("\ude00half \ud83dof \ud83d\ud83d\ude00", "half of 😀"),
        ];

        Assert.Equal(all.Select(a => a.Text), all.Select(a => PlainText.Of(a.Typed)));
    }
}
