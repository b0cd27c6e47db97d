using Portal.Accounts;
using Portal.Accounts.Mail;
using Portal.Accounts.SignIn;
using Portal.Billing;
using Portal.Catalog;
using Portal.Commands;
using Portal.Components;
using Portal.Database;
using Portal.Jobs;
using Portal.Payments;
using Portal.Prompts;
using Portal.Support;
using Portal.Support.Visits;
using Portal.Usage;

// The configuration and the models lie beside the executable, wherever the portal is started from.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.WebHost.UseStaticWebAssets();
builder.Services.AddSingleton(TimeProvider.System);

// Not in appsettings.json, which would win over ASPNETCORE_URLS.
if (builder.Configuration["Urls"] is null && builder.Configuration["Http_Ports"] is null) builder.WebHost.UseUrls("http://localhost:5080");

var database = builder.AddDatabase();
builder.AddAccounts();
builder.AddSignIn();
builder.AddMail();
builder.AddCatalog();
builder.AddBilling();
builder.AddPayments();
builder.AddPrompts();
builder.AddUsage();
builder.AddJobs(database);
builder.AddSupport();
builder.AddComponents();
builder.AddCommands(args);

var app = builder.Build();
if (await app.RunVerb(args) is { } code) return code;

app.MapHealth();
app.MapPayments();
app.MapSignIn();
app.MapVisits();
app.MapPrompts();
app.MapUsage();
app.MapComponents();
await app.RunAsync();
return 0;
