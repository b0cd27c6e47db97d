namespace Portal.Accounts;

/// <summary>Roles beyond one's own accounts; what a customer is follows from memberships.</summary>
public static class Roles
{
    public const string Support = "support";
    public const string Administrator = "administrator";
    public const string Staff = Support + "," + Administrator;
}
