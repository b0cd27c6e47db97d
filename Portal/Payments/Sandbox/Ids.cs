using System.Security.Cryptography;

namespace Portal.Payments.Sandbox;

/// <summary>Identifiers as Stripe forms them: a prefix and random letters and digits.</summary>
public static class Ids
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    public static string New(string prefix, int length = 24) => prefix + "_" + RandomNumberGenerator.GetString(Alphabet, length);
}
