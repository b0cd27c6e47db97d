namespace Portal.Inference;

public enum ModelState
{
    Loading,
    Ready,
    Unavailable,
}
