namespace Portal.Components.Shared.Charts;

public enum ChartKind
{
    Columns = 0,
    StackedColumns = 1,
    Line = 2,
    Area = 3,
}
