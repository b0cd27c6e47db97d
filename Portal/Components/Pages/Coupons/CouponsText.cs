namespace Portal.Components.Pages.Coupons;

/// <summary>Names the resources beside this file.</summary>
public sealed class CouponsText;
