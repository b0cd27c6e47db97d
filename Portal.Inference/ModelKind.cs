namespace Portal.Inference;

public enum ModelKind
{
    Text,
    Image,
}
