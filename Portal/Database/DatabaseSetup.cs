using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Database;

public static class DatabaseSetup
{
    /// <exception cref="InvalidOperationException">The configuration cannot work; the message names the key.</exception>
    public static PortalDbFactory AddDatabase(this WebApplicationBuilder builder)
    {
        var data = new DataDirectory(builder.Configuration);
        var section = builder.Configuration.GetSection("Database");
        if (!Enum.TryParse<DatabaseProvider>(section["Provider"] ?? nameof(DatabaseProvider.Sqlite), ignoreCase: true, out var provider))
        {
            throw new InvalidOperationException($"Database:Provider is '{section["Provider"]}'; it must be Sqlite, SqlServer or PostgreSql.");
        }

        var connectionString = section["ConnectionString"];
        if (string.IsNullOrWhiteSpace(connectionString))
        {
            connectionString = provider == DatabaseProvider.Sqlite
                ? $"Data Source={data.File("portal.db")}"
                : throw new InvalidOperationException($"Database:ConnectionString is missing; {provider} needs one.");
        }

        var factory = new PortalDbFactory(provider, connectionString);
        builder.Services.AddSingleton(data);
        builder.Services.AddSingleton(factory);
        builder.Services.AddSingleton<IDbContextFactory<PortalDb>>(factory);

        // Identity's stores want one context a scope.
        builder.Services.AddScoped(_ => factory.CreateDbContext());
        builder.Services.AddHostedService<Preparation>();
        builder.Services.AddHostedService<LogMover>();
        return factory;
    }
}
