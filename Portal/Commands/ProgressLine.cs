namespace Portal.Commands;

/// <summary>One line of a terminal that is written over; nothing where nobody watches.</summary>
internal sealed class ProgressLine(TextWriter terminal, bool watched) : IDisposable
{
    private const int Width = 40;

    private int shown = -1;

    /// <param name="share">0 to 1.</param>
    public void Show(decimal share)
    {
        var percent = (int)(share * 100);
        if (!watched || percent == shown)
        {
            return;
        }

        shown = percent;
        var done = percent * Width / 100;
        terminal.Write($"\r[{new string('#', done)}{new string('.', Width - done)}] {percent,3} %");
        terminal.Flush();
    }

    public void Dispose()
    {
        if (shown >= 0)
        {
            terminal.Write($"\r{new string(' ', Width + 8)}\r");
        }
    }
}
