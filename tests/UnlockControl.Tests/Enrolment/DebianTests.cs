// SPDX-License-Identifier: GPL-3.0-or-later
// The released programs in a Debian tree: Debian's cryptsetup and update-initramfs, our hook, and the image that comes of it. An image
// takes half a minute here, so one test does what the others do at every step: Ctrl-C in the middle of it, then the whole.

namespace UnlockControl.Tests.Enrolment;

[Collection(OneLab.Name)]
public sealed class DebianTests(EnrolmentLab lab)
{
    // $1: the tree; $2: a folder of ours; $3: the folder of pcscd's socket; $4: the checkout.
    private const string Enter = """
        set -e
        tree=$1 work=$2 socket=$3 checkout=$4; shift 4
        mkdir -p "$work/upper" "$work/work" "$work/root"
        mount -t overlay overlay -o "lowerdir=$tree,upperdir=$work/upper,workdir=$work/work" "$work/root"
        mount -t proc proc "$work/root/proc"
        mount --bind /sys "$work/root/sys"
        mount --rbind /dev "$work/root/dev"
        mkdir -p "$work/root/run/pcscd"
        mount --bind "$socket" "$work/root/run/pcscd"
        if [ ! -e "$work/root/usr/bin/unlockctl" ]; then
            "$checkout/initramfs-hooks/install" "$work/root" "$checkout/out/bin"
            cp "$checkout/out/bin/unlockctl" "$work/root/usr/bin/unlockctl"
            cp --sparse=always "$work/disk" "$work/root/disk"
            printf 'root_crypt /disk none luks\n' >"$work/root/etc/crypttab"
            # As the machine is, so that the image stays small.
            echo MODULES=list >"$work/root/etc/initramfs-tools/conf.d/small"
        fi
        exec chroot "$work/root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin TERM=xterm LC_ALL=C.UTF-8 "$@"
        """;

    [Fact]
    public void A_real_image_is_made_and_looked_into_and_is_as_it_was_after_Ctrl_C()
    {
        Assert.True(Environment.IsPrivilegedProcess, "It mounts an overlay: run the tests as root.");
        string work = Directory.CreateTempSubdirectory("debian-").FullName;
        try
        {
            Tool.Run("cp", "--sparse=always", lab.Disk, Path.Combine(work, "disk"));
            Assert.Equal(0, Go(work, ["update-initramfs", "-c", "-k", "all"]));
            using var reader = lab.Reader(lab.Card("ada"));
            reader.Insert();
            string before = Sums(work);
            Assert.Equal(130, Go(work, ["unlockctl", "enroll", "--yes"], new Reply("Generating", person => person.Type("\x03"))));
            Assert.Equal(before, Sums(work));

            Assert.Equal(0, Go(work, ["unlockctl", "enroll", "--yes"]));
            Assert.NotEqual(before, Sums(work));
            string contents = Tool.Output("unshare", "--mount", "sh", "-c", "lsinitramfs \"$1\"/upper/boot/initrd.img-*", "sh", work);
            Assert.Contains("usr/lib/unlock-agent/unlock-agent\n", contents, StringComparison.Ordinal);
            Assert.Contains("scripts/init-premount/unlock-agent\n", contents, StringComparison.Ordinal);

            // All is right: nothing is made anew.
            before = Sums(work);
            Assert.Equal(0, Go(work, ["unlockctl", "enroll"]));
            Assert.Equal(before, Sums(work));
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private int Go(string work, string[] command, params Reply[] replies)
    {
        using var person = new PersonAtTerminal(
            "unshare", ["--mount", "sh", "-c", Enter, "sh", Tree.Value, work, lab.SocketFolder, Checkout, .. command]);
        int status = Dialogue.Go(person, replies);
        TestContext.Current.TestOutputHelper?.WriteLine(person.Shown);
        return status;
    }

    /// <summary>The header's keyslots and tokens, and every file that may change.</summary>
    private static string Sums(string work) =>
        Tool.Run("cryptsetup", "luksDump", "--dump-json-metadata", Path.Combine(work, "upper/disk"))
        + Tool.Run("sh", "-c", "cd \"$1\" && find etc/crypttab* etc/unlock-agent* boot -type f -exec sha256sum {} "
            + "+", "sh", Path.Combine(work, "upper"));

    private static readonly Lazy<string> Tree = new(() => Tool.Run(
        Path.Combine(Checkout, "tests/boot/image/make-tree"),
        "bookworm",
        Path.Combine(Environment.GetEnvironmentVariable("HOME")!, ".cache/unlock-agent/trees")).Trim());

    private static string Checkout
    {
        get
        {
            string folder = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(folder, "UnlockAgent.sln")))
            {
                folder = Path.GetDirectoryName(folder)!;
            }

            return folder;
        }
    }
}
