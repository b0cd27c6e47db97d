namespace Portal.Inference.Images.Watermark;

/// <summary>A frequency of the tile.</summary>
/// <param name="Across">Periods over the tile's width; below zero when it runs the other way.</param>
/// <param name="Down">Periods over the tile's height.</param>
internal readonly record struct Wave(int Across, int Down)
{
    public double Length => Math.Sqrt(Across * Across + Down * Down);

    /// <summary>Where it stands in a tile's transform.</summary>
    public int Index => Place(Across, Down);

    /// <summary>Where its mirror image stands.</summary>
    public int Mirror => Place(-Across, -Down);

    /// <summary>What <see cref="LumaField"/> leaves of it on a surface; from 0 to 1 within the mark's band.</summary>
    public double Gain => Mean(LumaField.Smoothing) * (1 - Mean(2 * Residue.Reach + 1));

    /// <summary>The turn of a picture that begins so many pixels into a tile.</summary>
    public double Angle(int right, int below) => 2 * Math.PI * (Across * right + Down * below) / Fourier.Size;

    private double Mean(int side) => Mean(Across, side) * Mean(Down, side);

    private static double Mean(int periods, int side) =>
        periods == 0 ? 1 : Math.Sin(Math.PI * periods * side / Fourier.Size) / (side * Math.Sin(Math.PI * periods / Fourier.Size));

    private static int Place(int across, int down) => (down & (Fourier.Size - 1)) * Fourier.Size + (across & (Fourier.Size - 1));
}
