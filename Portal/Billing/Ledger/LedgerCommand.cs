using Portal.Billing.Rating;
using Portal.Catalog;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.Ledger;

/// <summary>A change of one wallet, applied whole or not at all.</summary>
public abstract record LedgerCommand(Guid WalletId);

/// <summary>A command that a caller's key makes repeatable: the same key and command again give the first outcome and change nothing.</summary>
/// <param name="Key">At most 120 characters, unique in the wallet, e.g. <c>topup:{payment}</c>.</param>
public abstract record KeyedCommand(Guid WalletId, string Key, string Reference) : LedgerCommand(WalletId);

/// <summary>A command on a hold, which it makes or resolves. The hold's id is its key: what resolved the hold may be sent again and gives the first outcome.</summary>
public abstract record HoldCommand(Guid WalletId, Guid HoldId) : LedgerCommand(WalletId);

/// <summary>One movement; the amount is positive, in the accounts' unit.</summary>
public sealed record Leg(AccountRef Debit, AccountRef Credit, long Amount, string Code);

/// <summary>Moves named amounts between named accounts: a top-up, a grant.</summary>
public sealed record Move(Guid WalletId, string Key, string Reference, IReadOnlyList<Leg> Legs) : KeyedCommand(WalletId, Key, Reference);

/// <summary>Moves back what a charge took, and takes off what it counted.</summary>
/// <param name="Counts">By the key of the counter, above 0 and no more than it has used.</param>
public sealed record GiveBack(Guid WalletId, string Key, string Reference, IReadOnlyList<Leg> Legs, IReadOnlyList<KeyValuePair<string, long>> Counts)
    : KeyedCommand(WalletId, Key, Reference);

/// <summary>Moves an amount out of the first of several sources that have it: a plan fee, a seat allocation, a refund.</summary>
/// <param name="From">Codes in the order in which they are drawn; within one, what expires soonest first.</param>
/// <param name="FromSubject">Only accounts of this seat or grant.</param>
/// <param name="KeepExpiry">The target inherits each source's expiry: quota does not live longer by being handed on.</param>
/// <param name="HoldId">Set: the amount is only held until posted or voided.</param>
public sealed record Draw(
    Guid WalletId, string Key, string Reference, string Code, Unit Unit, long Amount,
    IReadOnlyList<string> From, AccountRef To, Guid? FromSubject = null, bool KeepExpiry = false, Guid? HoldId = null)
    : KeyedCommand(WalletId, Key, Reference);

/// <summary>Reserves the worst case of a prompt on the burn order, and in every cap that limits whoever asks.</summary>
/// <param name="HoldId">The request's id: holding it twice is refused.</param>
/// <param name="SeatOnly">Nothing but the seat's allocation pays.</param>
/// <param name="MaxConcurrent">Open prompts the wallet may have, this one included.</param>
public sealed record HoldPrompt(
    Guid WalletId, Guid HoldId, Spender By, bool SeatOnly, MeteredUsage WorstCase, PriceTerms Terms,
    UsageWindows Windows, DateTimeOffset ExpiresAt, int? MaxConcurrent) : HoldCommand(WalletId, HoldId);

/// <summary>Charges the measured usage of a held prompt, records it and releases the rest.</summary>
public sealed record SettlePrompt(Guid WalletId, Guid HoldId, MeteredUsage Usage, PromptEnd End) : HoldCommand(WalletId, HoldId);

/// <summary>Posts a held draw whole.</summary>
public sealed record PostHold(Guid WalletId, Guid HoldId) : HoldCommand(WalletId, HoldId);

/// <summary>Releases a hold: nothing is charged.</summary>
public sealed record VoidHold(Guid WalletId, Guid HoldId) : HoldCommand(WalletId, HoldId);

/// <summary>Releases a hold whose time has run out; refused before that.</summary>
public sealed record ExpireHold(Guid WalletId, Guid HoldId) : HoldCommand(WalletId, HoldId);

/// <summary>Books back what is left on accounts past their expiry, except what open holds still reserve.</summary>
public sealed record BookExpiry(Guid WalletId) : LedgerCommand(WalletId);

/// <summary>Sets the most that a project, key, seat or the account itself may use in a window. What was counted stays counted, and goes on without a limit.</summary>
/// <param name="SubjectId">The project, API key or membership; the wallet's own id for the whole account.</param>
/// <param name="Limit">Nanos, tokens or standard images; null: no limit.</param>
public sealed record SetCap(Guid WalletId, Guid SubjectId, CapMeter Meter, CapWindow Window, long? Limit) : LedgerCommand(WalletId);

/// <summary>Sets how far the account may go on account; refused when more than that is used or held already.</summary>
/// <param name="Nanos">0 or more; 0: prepaid only.</param>
public sealed record SetPostpaidLimit(Guid WalletId, long Nanos) : LedgerCommand(WalletId);
