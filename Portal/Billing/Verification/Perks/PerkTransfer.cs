using Portal.Billing.Verification.Rows;
using Portal.Data;

namespace Portal.Billing.Verification.Perks;

/// <summary>A transfer of something that is given away, with the codes of its accounts.</summary>
internal readonly record struct PerkTransfer(TransferRow Row, string Debit, string Credit, Unit Unit);
