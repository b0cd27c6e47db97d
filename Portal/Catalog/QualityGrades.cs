namespace Portal.Catalog;

/// <summary>
/// Grades of an answer that is less than the best. A grade is measured by the portal before the answer is held, never an opinion, so that quote, hold, charge
/// and receipt agree; what it does to the price is a factor of the rate card with the condition <c>quality.</c> and the grade.
/// </summary>
public static class QualityGrades
{
    /// <summary>A picture that is drawn in fewer steps because its model is busy; it is also charged by these.</summary>
    public const string Degraded = "degraded";
}
