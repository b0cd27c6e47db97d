using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Components.Shared.Notices;
using Portal.Data.Payments;
using Portal.Support;

namespace Portal.Components.Pages.Desk;

/// <summary>Codes of rows as words; a code without a word stands for itself, because the staff may know it.</summary>
public sealed class DeskWords(IStringLocalizer<DeskText> text)
{
    public string Transfer(string code) => Or($"Code.{code}", code);

    public string Account(string code) => Or($"Account.{code}", code);

    public string Dispute(string reason) => Or($"Dispute.{reason}", reason);

    public string Deed(string action) => Or($"Deed.{action}", action);

    /// <summary>What an entry of the audit log says was so before or after: states as words, everything else as it was written.</summary>
    public string Was(string action, string said) =>
        Enum.TryParse<RefundStatus>(said, out var status) && $"{status}" == said ? State(status).Word : Or($"Was.{action.Split('.')[0]}.{said}", said);

    public (string Word, Tone Tone) State(PaymentStatus status) => status switch
    {
        PaymentStatus.Succeeded => (text["PaymentSucceeded"], Tone.Good),
        PaymentStatus.Failed => (text["PaymentFailed"], Tone.Bad),
        PaymentStatus.Unknown => (text["PaymentUnknown"], Tone.Warn),
        _ => (text["PaymentPending"], Tone.Neutral),
    };

    public (string Word, Tone Tone) State(RefundStatus status) => status switch
    {
        RefundStatus.Succeeded => (text["RefundSucceeded"], Tone.Good),
        RefundStatus.Failed => (text["RefundFailed"], Tone.Bad),
        RefundStatus.Unknown => (text["RefundUnknown"], Tone.Warn),
        RefundStatus.AwaitingApproval => (text["RefundAwaits"], Tone.Warn),
        RefundStatus.Rejected => (text["RefundRejected"], Tone.Neutral),
        _ => (text["RefundPending"], Tone.Info),
    };

    public static string Plan(CustomerPlan plan) => CultureInfo.CurrentUICulture.Name == "zh-CN" ? plan.NameZh : plan.NameEn;

    private string Or(string key, string code)
    {
        var word = text[key];
        return word.ResourceNotFound ? code : word;
    }
}
