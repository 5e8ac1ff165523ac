// SPDX-License-Identifier: GPL-3.0-or-later
// ISO 7816-4 section 5.1: the four cases of a command, short and extended.

namespace CardSimulator.Tests;

public sealed class CommandApduTests
{
    [Theory]
    [InlineData("00A40400", "", null, false)]
    [InlineData("00CA006E00", "", 256, false)]
    [InlineData("00CA006E10", "", 16, false)]
    [InlineData("0020008203313233", "313233", null, false)]
    [InlineData("0020008203313233FF", "313233", 255, false)]
    [InlineData("00CA006E000000", "", 65536, true)]
    [InlineData("00CA006E000102", "", 258, true)]
    [InlineData("00200082000003313233", "313233", null, true)]
    [InlineData("002000820000033132330000", "313233", 65536, true)]
    [InlineData("002000820000033132330800", "313233", 2048, true)]
    public void Every_case_is_read(string hex, string data, int? le, bool extended)
    {
        CommandApdu? command = CommandApdu.Parse(Convert.FromHexString(hex));

        Assert.NotNull(command);
        Assert.Equal(data, Convert.ToHexString(command.Data));
        Assert.Equal(le, command.Le);
        Assert.Equal(extended, command.Extended);
    }

    [Theory]
    [InlineData("")]
    [InlineData("00A404")]
    [InlineData("002000820331")]
    [InlineData("00200082033132333435")]
    [InlineData("00200082000000313233")]
    [InlineData("002000820000053132")]
    [InlineData("0020008200000331323300")]
    [InlineData("00CA006E0000")]
    public void Lengths_that_contradict_each_other_are_refused(string hex) =>
        Assert.Null(CommandApdu.Parse(Convert.FromHexString(hex)));
}
