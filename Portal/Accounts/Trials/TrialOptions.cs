namespace Portal.Accounts.Trials;

/// <summary>The section <c>Trial</c> of the configuration: credit for who registers and confirms an address.</summary>
public sealed class TrialOptions
{
    public const string Section = "Trial";

    /// <summary>In yuan, at most two decimals; 0: none. Development begins with a little.</summary>
    public decimal? Amount { get; set; }

    /// <summary>From its confirmation until it expires.</summary>
    public int Days { get; set; } = 30;

    /// <summary>How often one browser gets it.</summary>
    public int PerDevice { get; set; } = 1;

    /// <summary>How often one network's address gets it within 24 hours; a school or an office shares one.</summary>
    public int PerNetworkDay { get; set; } = 5;

    /// <summary>How often everybody together gets it within 24 hours: what a flood of registrations can cost.</summary>
    public int PerDay { get; set; } = 1_000;

    public bool On => Amount > 0;
}
