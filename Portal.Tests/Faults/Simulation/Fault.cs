namespace Portal.Tests.Faults.Simulation;

/// <summary>What happens to one commit.</summary>
internal enum Fault
{
    None,

    /// <summary>The connection is lost before the commit is on disk.</summary>
    LostBefore,

    /// <summary>The connection is lost after the commit is on disk; the look-up finds it.</summary>
    LostAfter,

    /// <summary>As <see cref="LostBefore"/>, and the database cannot be asked either.</summary>
    UnknownBefore,

    /// <summary>As <see cref="LostAfter"/>, and the database cannot be asked either.</summary>
    UnknownAfter,

    /// <summary>The process dies before the commit is on disk: nobody gets an answer.</summary>
    CrashBefore,

    /// <summary>The process dies after the commit is on disk: nobody gets an answer.</summary>
    CrashAfter,
}
