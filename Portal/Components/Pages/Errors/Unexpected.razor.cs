namespace Portal.Components.Pages.Errors;

public sealed partial class Unexpected
{
    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Page failed, shown to the person as {Reference}")]
        public static partial void PageFailed(ILogger logger, string reference, Exception cause);
    }
}
