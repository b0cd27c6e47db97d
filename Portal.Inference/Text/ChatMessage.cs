namespace Portal.Inference.Text;

/// <param name="Role"><c>system</c>, <c>user</c> or <c>assistant</c>.</param>
/// <param name="Content">Plain text. The model's special strings in it (such as <c>&lt;|im_end|&gt;</c>) are removed before it is used.</param>
public sealed record ChatMessage(string Role, string Content);
