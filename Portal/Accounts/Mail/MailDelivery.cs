namespace Portal.Accounts.Mail;

public enum MailDelivery
{
    Pickup = 0,
    Smtp = 1,
}
