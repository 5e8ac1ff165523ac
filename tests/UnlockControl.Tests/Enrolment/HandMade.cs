// SPDX-License-Identifier: GPL-3.0-or-later
// Tokens as somebody makes them with gpg and cryptsetup (docs/luks2-token.md), the owner or a thief.

using System.Text.Json.Nodes;

namespace UnlockControl.Tests.Enrolment;

internal static class HandMade
{
    /// <summary>Token 0, to be changed.</summary>
    public static JsonObject Token(TestSystem system) => JsonNode.Parse(system.State().Header)!["tokens"]!["0"]!.DeepClone().AsObject();

    public static void Replace(TestSystem system, Action<JsonObject> change)
    {
        var token = Token(system);
        change(token);
        Tool.Run("cryptsetup", "token", "remove", "--token-id", "0", system.Disk);
        Import(system, token, "0");
    }

    public static void Import(TestSystem system, JsonObject token, string number)
    {
        system.WriteFile("token", System.Text.Encoding.UTF8.GetBytes(token.ToJsonString()));
        Tool.Run("cryptsetup", "token", "import", "--token-id", number, "--json-file", system.PathOf("token"), system.Disk);
    }

    /// <summary>Another key in the place of token 0's, as gpg encrypts it to users of the lab's keyring.</summary>
    public static void Replace(TestSystem system, EnrolmentLab lab, string[] users, params string[] options)
    {
        system.WriteFile("key", System.Security.Cryptography.RandomNumberGenerator.GetBytes(64));
        Tool.Run("sh", "-c", $"printf %s '{EnrolmentLab.Passphrase}' | cryptsetup luksAddKey --batch-mode --key-file - --new-key-slot 3 "
            + $"--pbkdf pbkdf2 --pbkdf-force-iterations 1000 '{system.Disk}' '{system.PathOf("key")}'");
        Tool.Run("cryptsetup", "luksKillSlot", "--batch-mode", system.Disk, "1");
        Replace(system, token =>
        {
            token["keyslots"] = new JsonArray("3");
            token["message"] = Convert.ToBase64String(Message(system, lab, users, options));
            token["public_keys"] = Convert.ToBase64String(PublicKeys(system, lab, users));
        });
        File.Delete(system.PathOf("key"));
    }

    /// <summary>What is in the file "key", encrypted.</summary>
    public static byte[] Message(TestSystem system, EnrolmentLab lab, string[] users, params string[] options)
    {
        string message = system.PathOf(Guid.NewGuid().ToString("N"));
        lab.Gpg.Expect(
            ["--trust-model", "always", .. users.SelectMany(user => new[] { "-r", user }), .. options, "-o", message, "-e", system.PathOf("key")]);
        return File.ReadAllBytes(message);
    }

    public static byte[] PublicKeys(TestSystem system, EnrolmentLab lab, params string[] users)
    {
        string file = system.PathOf(Guid.NewGuid().ToString("N"));
        lab.Gpg.Expect(["--export-options", "export-minimal", "-o", file, "--export", .. users]);
        return File.ReadAllBytes(file);
    }
}
