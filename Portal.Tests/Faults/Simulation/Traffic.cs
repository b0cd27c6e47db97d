using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Tests.Billing.Ledger;
using Portal.Tests.Billing.Ledger.Wallets;

namespace Portal.Tests.Faults.Simulation;

/// <summary>Commands of all kinds from one seed: new ones, the same again, late ones, and keys that come back with another body.</summary>
internal sealed class Traffic
{
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    private readonly Random random;
    private readonly List<LedgerCommand> sent = [];
    private readonly List<(Guid Wallet, Guid Id, Unit Unit, bool Prompt)> holds = [];
    private readonly Guid[] seats;
    private readonly Guid[] keys;
    private readonly Guid project;

    public Traffic(Random random, int wallets)
    {
        this.random = random;
        Wallets = [.. Enumerable.Range(0, wallets).Select(_ => NewId())];
        seats = [NewId(), NewId()];
        keys = [NewId(), NewId()];
        project = NewId();
    }

    public Guid[] Wallets { get; }

    public LedgerCommand Next(DateTimeOffset now)
    {
        if (sent.Count > 0 && random.Next(8) == 0) return sent[random.Next(sent.Count)];
        var command = New(Wallets[random.Next(Wallets.Length)], now);
        sent.Add(command);
        return command;
    }

    /// <summary>A keyed command's key with another amount.</summary>
    public static KeyedCommand OtherBody(KeyedCommand command) => command switch
    {
        Move move => move with { Legs = [.. move.Legs.Select(l => l with { Amount = l.Amount + 1 })] },
        Draw draw => draw with { Amount = draw.Amount + 1 },
        _ => throw new ArgumentOutOfRangeException(nameof(command)),
    };

    private LedgerCommand New(Guid wallet, DateTimeOffset now)
    {
        var kind = sent.Count < 6 ? random.Next(3) : random.Next(26);
        var unit = random.Next(4) == 0 ? Unit.Images : Unit.Tokens;
        var amount = random.Next(200);
        var seat = seats[random.Next(2)];
        var key = $"{sent.Count}";
        switch (kind)
        {
            case 0:
                return WalletScene.TopUp(wallet, amount * WalletScene.NanosPerToken, key);
            case 1:
                return WalletScene.Grant(wallet, unit, amount, random.Next(4) == 0 ? null : Soon(now), key, random.Next(4) == 0 ? LedgerCodes.Pool : LedgerCodes.Allowance);
            case 2:
                return WalletScene.Grant(wallet, Unit.Money, amount * WalletScene.NanosPerToken, Soon(now), key, LedgerCodes.CreditGranted);
            case 3:
                return WalletScene.Allocate(wallet, seat, unit, amount, key);
            case 4:
                return WalletScene.TakeBack(wallet, seat, unit, amount, key);
            case 5:
                var refund = (wallet, NewId(), Unit.Money, false);
                holds.Add(refund);
                return new Draw(wallet, key, key, "refund", Unit.Money, (amount + 1) * WalletScene.NanosPerToken, [LedgerCodes.CreditPurchased],
                    new AccountRef(LedgerCodes.Clearing, Unit.Money), HoldId: refund.Item2);
            case 6:
                return new SetPostpaidLimit(wallet, random.Next(3) * 50 * WalletScene.NanosPerToken);
            case 7:
                Guid[] subjects = [wallet, project, .. keys, .. seats];
                var meter = (CapMeter)random.Next(3);
                var limit = random.Next(500) * (meter == CapMeter.Money ? WalletScene.NanosPerToken : 1);
                return new SetCap(wallet, subjects[random.Next(subjects.Length)], meter, (CapWindow)random.Next(3), random.Next(3) == 0 ? null : limit);
            case 8:
                return new BookExpiry(wallet);
            case < 17 when holds.Count > 0:
                return Resolve(holds[Math.Max(0, holds.Count - 1 - random.Next(12))], unit, amount);
            default:
                var hold = (wallet, NewId(), unit, true);
                holds.Add(hold);
                return new HoldPrompt(
                    wallet, hold.Item2, new Spender(project, project, seat, random.Next(2) == 0 ? null : keys[random.Next(2)]), random.Next(6) == 0, NaiveTerms.Usage(unit, amount),
                    NaiveTerms.Of(unit), UsageWindows.At(now, Zone, null), now.AddSeconds(random.Next(120)), random.Next(3) == 0 ? 4 : null);
        }
    }

    private LedgerCommand Resolve((Guid Wallet, Guid Id, Unit Unit, bool Prompt) hold, Unit other, int amount) => random.Next(8) switch
    {
        0 => new VoidHold(hold.Wallet, hold.Id),
        1 => new ExpireHold(hold.Wallet, hold.Id),
        2 => new PostHold(hold.Wallet, hold.Id),
        3 => new SettlePrompt(hold.Wallet, hold.Id, NaiveTerms.Usage(other, amount), WalletScene.End),
        _ => hold.Prompt ? new SettlePrompt(hold.Wallet, hold.Id, NaiveTerms.Usage(hold.Unit, amount * 3 / 4), WalletScene.End) : new PostHold(hold.Wallet, hold.Id),
    };

    /// <summary>Few different ones, so that grants share accounts and find them expired and empty.</summary>
    private DateTimeOffset Soon(DateTimeOffset now) => new(now.Ticks - (now.Ticks % TimeSpan.TicksPerMinute) + (random.Next(-1, 4) * TimeSpan.TicksPerMinute), TimeSpan.Zero);

    private Guid NewId()
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }
}
