namespace Portal.Data.Prompts;

public enum BatchLineState
{
    Waiting = 0,
    Done = 1,
    Failed = 2,
}
