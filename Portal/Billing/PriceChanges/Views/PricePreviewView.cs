namespace Portal.Billing.PriceChanges.Views;

/// <summary>What a customer pays now and would pay if a draft were published.</summary>
/// <param name="Fee">Of the plan's next period as it will be invoiced; null: the account has no plan, and the draft is of none.</param>
/// <param name="Usage">What was asked in the last days; allowances count as they did.</param>
/// <param name="Prompt">A prompt of standard size, asked now.</param>
/// <param name="Picture">A picture of standard size, asked now.</param>
public sealed record PricePreviewView(string AccountName, PreviewedFee? Fee, PreviewedUsage Usage, PriceStep? Prompt, PriceStep? Picture);
