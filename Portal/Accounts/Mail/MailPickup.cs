using Microsoft.Extensions.Options;
using Portal.Database;

namespace Portal.Accounts.Mail;

/// <summary>Writes each letter as an .eml file that any mail program opens, and lists them for the page of Development.</summary>
public sealed class MailPickup(IOptions<MailOptions> options, DataDirectory data, TimeProvider time) : IMailTransport
{
    private const int ListedMax = 50;

    private string Folder => data.File("mail");

    public async Task Send(Letter letter, CancellationToken cancel = default)
    {
        var now = time.GetUtcNow();
        var name = $"{now:yyyyMMdd'T'HHmmssfff}-{Guid.CreateVersion7(now):N}";
        try
        {
            Directory.CreateDirectory(Folder);
            // Renamed when whole: a reader never sees half a letter.
            var draft = Path.Combine(Folder, name + ".part");
            await File.WriteAllTextAsync(draft, LetterFile.Write(letter, options.Value.From, now), cancel);
            File.Move(draft, Path.Combine(Folder, name + ".eml"));
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new MailNotSentException($"The letter could not be written to {Folder}.", cause);
        }
    }

    /// <summary>The newest letters first.</summary>
    public IReadOnlyList<PickedLetter> List() => !Directory.Exists(Folder) ? [] :
    [
        .. Directory.EnumerateFiles(Folder, "*.eml").OrderByDescending(Path.GetFileName, StringComparer.Ordinal).Take(ListedMax)
            .Select(file => LetterFile.Read(Path.GetFileNameWithoutExtension(file), File.ReadAllText(file))),
    ];

    public PickedLetter? Find(string name) => List().FirstOrDefault(letter => letter.Name == name);
}
