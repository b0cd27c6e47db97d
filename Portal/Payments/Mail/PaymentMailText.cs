namespace Portal.Payments.Mail;

/// <summary>Names the words of letters about payments.</summary>
public sealed class PaymentMailText;
