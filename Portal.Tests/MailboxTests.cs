namespace Portal.Tests;

public sealed class MailboxTests
{
    [Theory]
    [InlineData("Ada@Example.org", "ada@example.org")]
    [InlineData("ada+trial2@example.org", "ada@example.org")]
    [InlineData("a.d.a@example.org", "a.d.a@example.org")]
    [InlineData("A.d.a+x@GMail.com", "ada@gmail.com")]
    [InlineData("a.da@googlemail.com", "ada@gmail.com")]
    [InlineData("ada@hotmail.com", "ada@hotmail.com")]
    [InlineData("ada@pm.me", "ada@proton.me")]
    [InlineData("ａｄａ＠ｅｘａｍｐｌｅ．ｏｒｇ", "ada@example.org")]
    [InlineData("ada@münchen.example", "ada@xn--mnchen-3ya.example")]
    [InlineData("ada@xn--mnchen-3ya.example", "ada@xn--mnchen-3ya.example")]
    [InlineData("ada@MÜNCHEN.example.", "ada@xn--mnchen-3ya.example")]
    [InlineData("李雷@例子.example", "李雷@xn--fsqu00a.example")]
    [InlineData("+ada@example.org", "+ada@example.org")]
    [InlineData("\"ada\"@example.org", "ada@example.org")]
    [InlineData("nonsense", "nonsense")]
    [InlineData("ada@-.-", "ada@-.-")]
    public void Aliases_of_one_mailbox_are_one_mailbox(string address, string mailbox) => Assert.Equal(mailbox, Mailbox.Of(address));
}
