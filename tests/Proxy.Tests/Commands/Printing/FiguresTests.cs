using S3Proxy.Commands.Printing;

namespace S3Proxy.Tests.Commands.Printing;

public sealed class FiguresTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1,023 B")]
    [InlineData(1024, "1.00 KiB")]
    [InlineData(1536 * 1024, "1.50 MiB")]
    [InlineData(107_374_182_400, "100.0 GiB")]
    public void Bytes_have_the_largest_unit_that_fits(double bytes, string shown) => Assert.Equal(shown, Figures.Bytes(bytes));

    [Theory]
    [InlineData(0.0000006, "1 µs")]
    [InlineData(0.000412, "412 µs")]
    [InlineData(0.00412, "4.12 ms")]
    [InlineData(0.412, "412 ms")]
    [InlineData(60, "60 s")]
    [InlineData(1.25, "1.3 s")]
    [InlineData(300, "5 min")]
    [InlineData(7500, "2 h 5 min")]
    [InlineData(259_200, "3 days")]
    public void Durations_are_as_exact_as_they_are_long(double seconds, string shown) => Assert.Equal(shown, Figures.Seconds(seconds));

    [Fact]
    public void What_is_not_known_is_a_dash()
    {
        Assert.Equal("-", Figures.Share(null));
        Assert.Equal("-", Figures.Seconds(null));
        Assert.Equal("-", Figures.Rate(1, TimeSpan.Zero));
    }
}
