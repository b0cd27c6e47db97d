using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Portal.Tests.Fixtures;
using Portal.Tests.Prompts;

namespace Portal.Tests.Prompts.Batches.Api;

public sealed class FilesApiTests(PortalApp portal) : IClassFixture<PortalApp>
{
    [Fact]
    public async Task A_form_without_end_is_refused_and_leaves_nothing()
    {
        var customer = await Customer.Arrive(portal);
        using var client = portal.NewClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", customer.ApiKey);
        using var form = new MultipartFormDataContent { { new StringContent("batch"), "purpose" }, { new StringContent("{}"), "file", "a.jsonl" } };
        for (var i = 0; i < 20; i++) form.Add(new StringContent("x"), "more");

        var refused = await client.PostAsync(new Uri("v1/files", UriKind.Relative), form);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("file.form", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var boundless = new ByteArrayContent([]);
        boundless.Headers.TryAddWithoutValidation("Content-Type", $"multipart/form-data; boundary={new string('b', 4100)}");
        Assert.Contains("file.form", await (await client.PostAsync(new Uri("v1/files", UriKind.Relative), boundless)).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("\"data\":[]", await client.GetStringAsync(new Uri("v1/files", UriKind.Relative)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_gone_after_the_file_and_before_the_forms_end_leaves_nothing()
    {
        var customer = await Customer.Arrive(portal);
        using var client = portal.NewClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", customer.ApiKey);
        foreach (var reset in (bool[])[true, false, true, true])
        {
            using (var connection = new TcpClient(portal.Address.Host, portal.Address.Port) { LingerState = new LingerOption(reset, 0) })
            {
                await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                    $"POST /v1/files HTTP/1.1\r\nHost: {portal.Address.Authority}\r\nAuthorization: Bearer {customer.ApiKey}\r\nContent-Length: 100000\r\n"
                    + "Content-Type: multipart/form-data; boundary=b\r\n\r\n"
                    + "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.jsonl\"\r\n\r\n{}\r\n--b\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbat"));
                await Until.TrueAsync("the file is stored", async () => (await Files()).Contains("a.jsonl", StringComparison.Ordinal));
            }

            await Until.TrueAsync("it is gone again", async () => (await Files()).Contains("\"data\":[]", StringComparison.Ordinal));
        }

        Task<string> Files() => client.GetStringAsync(new Uri("v1/files", UriKind.Relative));
    }
}
