using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Portal.Data.Accounts;

namespace Portal.Accounts.Members;

/// <summary>Tokens of invitation links: valid for a week, worthless once a password is set.</summary>
public sealed class InvitationTokens(IDataProtectionProvider protection, IOptions<InvitationTokens.Terms> options, ILogger<DataProtectorTokenProvider<Person>> logger)
    : DataProtectorTokenProvider<Person>(protection, options, logger)
{
    public const string Provider = "Invitation";
    public const string Purpose = "invitation";

    /// <summary>Of somebody who was invited and then registered: they also get an account of their own.</summary>
    public const string RegistrationPurpose = "registration";
    public const int Days = 7;

    public sealed class Terms : DataProtectionTokenProviderOptions
    {
        public Terms()
        {
            Name = Provider;
            TokenLifespan = TimeSpan.FromDays(Days);
        }
    }
}
