using System.Text.Json;
using Portal.Prompts.Api;

namespace Portal.Prompts.Batches.Work;

/// <summary>A line of the output file, or of the error file.</summary>
internal static class LineResult
{
    /// <param name="status">Of the response that the endpoint would have given.</param>
    /// <param name="body">Its body.</param>
    public static byte[] Answered(Guid requestId, string customId, int status, object body) => Line(
        requestId, customId, new { StatusCode = status, RequestId = requestId, Body = body }, null);

    /// <summary>A line that never ran.</summary>
    public static byte[] NotRun(Guid batchId, int number, string customId, string code, string message) =>
        Line(RequestIds.Of(batchId, number, 0), customId, null, new { Code = code, Message = message });

    private static byte[] Line(Guid id, string customId, object? response, object? error) =>
        JsonSerializer.SerializeToUtf8Bytes(new { Id = $"batch_req_{id:N}", CustomId = customId, Response = response, Error = error }, ApiJson.Options);
}
