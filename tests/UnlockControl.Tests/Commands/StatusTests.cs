// SPDX-License-Identifier: GPL-3.0-or-later
// status and list: what a program reads of them, that docs/unlockctl-json.md names every field, and what is said to be wrong.

using System.Reflection;
using System.Text.Json;
using UnlockControl.Overview;
using UnlockControl.Tests.Enrolment;

namespace UnlockControl.Tests.Commands;

[Collection(OneLab.Name)]
public sealed class StatusTests(EnrolmentLab lab)
{
    [Fact]
    public void The_page_names_every_field_of_the_report_and_no_other()
    {
        string page = File.ReadAllText(Repository.PathOf("docs", "unlockctl-json.md"));
        Type[] shapes = [typeof(SystemReport), typeof(Problem), typeof(SeenCard), typeof(SeenVolume), typeof(SeenRecipient), typeof(SeenImage)];
        string[] sections = page.Split("\n## ")[1..];
        Assert.Equal(shapes.Length, sections.Length);
        Assert.All(shapes.Zip(sections), pair => Assert.Equal(
            pair.First.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(field => JsonNamingPolicy.SnakeCaseLower.ConvertName(field.Name)).Order(StringComparer.Ordinal),
            pair.Second.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('`')[1]).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void A_card_in_the_reader_is_shown_with_the_volume_that_it_opens_and_that_it_is_the_only_one()
    {
        using var system = TestSystem.Enrolled(lab);
        using var reader = lab.Reader(lab.Card("ada"));
        reader.Insert();
        var (code, output) = system.TryUnlockctl("list", "--json");
        Assert.True(code == 0, output);
        using var report = JsonDocument.Parse(output);
        JsonElement volume = Assert.Single(report.RootElement.GetProperty("volumes").EnumerateArray());
        Assert.Equal(TestSystem.Volume, Assert.Single(Assert.Single(report.RootElement.GetProperty("cards").EnumerateArray()).GetProperty("opens").EnumerateArray()).GetString());
        Assert.Equal(1, volume.GetProperty("passphrase_slots").GetInt32());
        Assert.Equal("token", volume.GetProperty("storage").GetString());
        Assert.Contains($"Only one card opens {TestSystem.Volume}", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_problem_comes_with_what_to_do_next()
    {
        SeenCard card = new("Reader", null) { Serial = "FFFE 1", KeyType = "RSA 2048" };
        SeenVolume volume = new("root_crypt", "/dev/x") { Device = "/dev/x", UsesCard = true, Storage = "token", PassphraseSlots = 0, Cards = [new("Ada", "", "", "", true)] };
        SystemReport report = new()
        {
            Problems = [],
            Readers = ["Reader"],
            Cards = [card with { TriesLeft = 0 }, card with { TriesLeft = 1 }],
            Volumes = [volume, new("data_crypt", "UUID=1") { UsesCard = true, Fault = "The device is not there." }],
        };
        string problems = string.Join('\n', Advisor.Problems(report, withImages: false).Select(problem => $"{problem.What} -> {problem.Next}"));
        Assert.Contains("is blocked: its PIN has no tries left. -> unlockctl card unblock --serial 'FFFE 1'", problems, StringComparison.Ordinal);
        Assert.Contains("has one try left for its PIN. -> ", problems, StringComparison.Ordinal);
        Assert.Contains("has no passphrase: without a card it is lost. -> cryptsetup luksAddKey /dev/x", problems, StringComparison.Ordinal);
        Assert.Contains("Only one card opens root_crypt. -> A second one is a spare: unlockctl add-card root_crypt", problems, StringComparison.Ordinal);
        Assert.Contains("data_crypt could not be looked into: The device is not there. -> ", problems, StringComparison.Ordinal);
    }
}
