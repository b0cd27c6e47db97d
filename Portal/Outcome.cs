namespace Portal;

/// <summary>
/// Why something was not done, for a person: a key of <c>RefusalText</c> and what its sentence is filled with.
/// Amounts among the arguments are invariant decimals of the currency; one that begins with <see cref="Word"/> names another entry, which may
/// use the same arguments.
/// </summary>
public sealed record Refusal(string Code, params string[] Args)
{
    public const string Word = "word:";

    /// <summary>Also the answer for ids of other people's things, so that an id tells nothing.</summary>
    public static readonly Refusal NotFound = new("not-found");

    /// <summary>The caller is known and may not do this.</summary>
    public static readonly Refusal Forbidden = new("forbidden");

    /// <summary>The answer of every command to <see cref="Caller.ReadOnly"/>.</summary>
    public static readonly Refusal ReadOnly = new("read-only");

    public bool Equals(Refusal? other) => other is not null && Code == other.Code && Args.SequenceEqual(other.Args);

    public override int GetHashCode() => Code.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Args.Length == 0 ? Code : $"{Code} ({string.Join(", ", Args)})";
}

/// <summary>What a command came to: a value, or a refusal that a person can read. Bugs are exceptions, not outcomes.</summary>
public readonly record struct Outcome<T>
{
    private readonly T? value;

    private Outcome(T? value, Refusal? refusal)
    {
        this.value = value;
        Refusal = refusal;
    }

    public Refusal? Refusal { get; }

    /// <exception cref="InvalidOperationException">It was refused: ask <see cref="Refusal"/> first.</exception>
    public T Value => Refusal is null ? value! : throw new InvalidOperationException($"refused: {Refusal}");

    public bool IsDone([System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out Refusal? refusal)
    {
        refusal = Refusal;
        return refusal is null;
    }

    public bool IsDone(
        [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out Refusal? refusal, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out T done)
    {
        refusal = Refusal;
        done = value;
        return refusal is null;
    }

    /// <summary>The same refusal, or what is made of the value.</summary>
    public Outcome<TMade> Then<TMade>(Func<T, TMade> make) => Refusal is null ? make(value!) : Refusal;

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(Refusal refusal) => new(default, refusal);
}

/// <summary>The value of a command that has nothing to say but that it was done.</summary>
public readonly record struct Done;
