using Portal.Components;

var builder = WebApplication.CreateBuilder(args);
builder.AddComponents();

var app = builder.Build();
app.MapGet("/health/live", () => "ok");
app.MapComponents();
app.Run();
