// SPDX-License-Identifier: GPL-3.0-or-later
// What a power cut between two writes of the header leaves behind, and what status says of it.

namespace UnlockControl.Tests.Enrolment;

[Collection(OneLab.Name)]
public sealed class LeftoverTests(EnrolmentLab lab)
{
    [Fact]
    public void A_keyslot_without_its_token_is_named_and_a_sound_volume_has_none()
    {
        using var system = TestSystem.Enrolled(lab);
        Assert.DoesNotContain("nothing says whose it is", system.TryUnlockctl("status").Output, StringComparison.Ordinal);

        Tool.Run("cryptsetup", "token", "remove", "--token-id", "0", system.Disk);

        string output = system.TryUnlockctl("status").Output.ReplaceLineEndings(" ");
        Assert.Contains("root_crypt has a keyslot 1 for a random key, and nothing says whose it is.", output, StringComparison.Ordinal);
        Assert.Contains($"cryptsetup luksKillSlot {system.Disk} 1", output, StringComparison.Ordinal);
    }
}
