using System.Security.Cryptography;
using System.Text;

namespace Portal.Payments.Sandbox;

/// <summary>One of Stripe's published test cards and what happens to it.</summary>
/// <param name="Number">Digits only.</param>
/// <param name="Brand">visa, mastercard, amex or unionpay.</param>
public sealed record TestCard(string Number, string Brand, TestCardOutcome Outcome = TestCardOutcome.Succeeds, string? Code = null, string? DeclineCode = null)
{
    public string Last4 => Number[^4..];

    /// <summary>The same card has the same fingerprint, whoever uses it: all that saved objects keep of the number, besides its last digits.</summary>
    public string Fingerprint { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Number)))[..16];

    /// <summary>Digits in the security code: four on American Express, else three.</summary>
    public int CvcLength => Brand == "amex" ? 4 : 3;
}
