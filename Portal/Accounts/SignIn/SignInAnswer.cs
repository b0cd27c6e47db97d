namespace Portal.Accounts.SignIn;

public enum SignInAnswer
{
    Done = 0,

    /// <summary>Address or password; which of them is not told.</summary>
    Wrong = 1,

    /// <summary>Too many wrong passwords, for an address with or without an account.</summary>
    Locked = 2,
}
