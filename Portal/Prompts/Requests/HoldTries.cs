using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Prompts.Requests;

/// <summary>
/// Finds the try that comes next where the ids of the tries are made from their numbers. Every number before it was released, so that it is searched
/// for and not counted up to: holds are kept for ever, and somebody may have tried thousands of times.
/// </summary>
internal static class HoldTries
{
    private const int Doublings = 16;
    private const int AtOnce = 16;
    private const int Most = 1 << Doublings;

    public static async Task<HoldTry> Next(PortalDb db, Func<int, Guid> idOf, CancellationToken cancel)
    {
        var (released, next) = (-1, Most + 1);
        var (state, releasedAt) = ((HoldState?)null, (DateTimeOffset?)null);

        // Nearly always it is the first.
        for (List<int> numbers = [0]; numbers.Count > 0; numbers = Between(released, next))
        {
            var ids = numbers.ConvertAll(number => idOf(number));
            var holds = await db.Holds.Where(h => ids.Contains(h.Id)).Select(h => new { h.Id, h.State, h.ResolvedAt }).ToDictionaryAsync(h => h.Id, cancel);
            for (var i = 0; i < ids.Count; i++)
            {
                var hold = holds.GetValueOrDefault(ids[i]);
                if (hold?.State is not (HoldState.Voided or HoldState.Expired))
                {
                    (next, state) = (numbers[i], hold?.State);
                    break;
                }

                (released, releasedAt) = (numbers[i], hold.ResolvedAt);
            }
        }

        return new HoldTry(next, idOf(next), state, releasedAt);
    }

    /// <summary>The numbers to ask for: doubled until one is beyond, then sixteen that divide what is left. None: it is found.</summary>
    private static List<int> Between(int released, int next)
    {
        if (next > Most && released < Most)
        {
            return [.. Enumerable.Range(0, Doublings + 1).Select(power => 1 << power)];
        }

        var step = (next - released - 1 + AtOnce - 1) / AtOnce;
        return step == 0 ? [] : [.. Enumerable.Range(1, AtOnce).Select(part => released + (part * step)).Where(number => number < next)];
    }
}
