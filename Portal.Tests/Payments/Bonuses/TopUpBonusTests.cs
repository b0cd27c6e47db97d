using Portal.Data;
using Portal.Data.Catalog;
using Portal.Payments.Bonuses;

namespace Portal.Tests.Payments.Bonuses;

public sealed class TopUpBonusTests
{
    private static readonly TopUpSlab[] Slabs = [new() { From = 500, Percent = 5 }, new() { From = 2_000, Percent = 10 }];

    [Theory]
    [InlineData("499.99", "0")]
    [InlineData("500", "25")]
    [InlineData("500.19", "25")]
    [InlineData("500.20", "25.01")]
    [InlineData("1999.99", "99.99")]
    [InlineData("2000", "200")]
    [InlineData("50000", "5000")]
    public void A_bonus_is_that_of_the_highest_slab_in_whole_minor_units(string amount, string bonus) =>
        Assert.Equal(Decimal(bonus), TopUpBonus.Of(Slabs, Money.FromAmount(Decimal(amount))).Amount);

    [Fact]
    public void Without_slabs_there_is_none() => Assert.Equal(Money.Zero, TopUpBonus.Of([], Money.FromAmount(5_000)));

    /// <summary>
    /// Of one payment never more goes back than was paid less what was used at full value; and whatever is done after that, nobody has used more than
    /// the money that stayed and the bonus on it.
    /// </summary>
    [Fact]
    public void In_any_order_of_spending_and_refunds_nobody_gains()
    {
        for (var seed = 0; seed < 2_000; seed++)
        {
            var random = new Random(seed);
            var paid = (long)random.Next(1, 500_000);
            var bonus = (long)random.Next(0, (int)Math.Min(paid, 60_000) + 1);
            var (purchased, left, refunded, taken, used) = (paid, bonus, 0L, 0L, 0L);
            for (var step = 0; step < 12; step++)
            {
                if (random.Next(2) == 0)
                {
                    // The bonus is spent first.
                    var amount = random.NextInt64(0, purchased + left + 1);
                    var fromBonus = Math.Min(amount, left);
                    (left, purchased, used) = (left - fromBonus, purchased - (amount - fromBonus), used + amount);
                    continue;
                }

                var most = Math.Max(0, Math.Min(paid - refunded, purchased - Math.Max(0, bonus - taken - left)));
                if (most == 0)
                {
                    continue;
                }

                var refund = random.Next(3) == 0 ? most : random.NextInt64(1, most + 1);
                var back = TopUpBonus.TakeBack(paid, bonus, refunded, taken, left, refund);
                (refunded, taken) = (refunded + refund, taken + back.Bonus + back.Spent);
                (left, purchased) = (left - back.Bonus, purchased - back.Spent - refund);

                Assert.True(left >= 0 && purchased >= 0 && taken <= bonus, $"seed {seed}: {left} of the bonus, {purchased} purchased");
                Assert.True(refunded <= paid - used, $"seed {seed}: {refunded} went back of {paid} although {used} were used");
            }

            var stays = paid - refunded + TopUpBonus.Kept(paid, bonus, refunded);
            Assert.True(used <= stays, $"seed {seed}: {used} were used, {stays} stayed with its bonus");
        }
    }

    private static decimal Decimal(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
