#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The one door to this repository, for people and for CI. Every verb installs the Debian packages that it lacks (through
# sudo where it does not run as root) and says so.
set -euo pipefail

cd "$(dirname "$0")"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# A person who is not root finds mkfs.ext4, cryptsetup and debootstrap too.
export PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"

# NativeAOT's linker and strip.
build_packages=(clang zlib1g-dev binutils)
# The linker for another machine; that machine's C library and binutils come on top, by its name.
cross_packages=(lld)
# The phone (QEMU for either processor and for arm64 programs by themselves, Debian trees, encrypted disks), the real card software, and
# what the tests compile and check with: manual pages with mandoc, completion in the shells that have it.
test_packages=(qemu-system-x86 debootstrap cryptsetup-bin e2fsprogs cpio zstd pcscd libccid vsmartcard-vpcd libpcsclite-dev
    gnupg scdaemon gcc libc6-dev libdrm-dev procps bzip2 shellcheck busybox initramfs-tools-core cryptsetup strace libcryptsetup-dev
    qemu-user-static qemu-system-arm mandoc zsh fish)
# The packages themselves: debhelper builds, lintian finds fault.
package_packages=(debhelper dpkg-dev lintian)
window_packages=(qemu-system-gui)

usage() {
    cat <<'USAGE'
usage: ./build.sh VERB

  setup                 install what building, testing and the demo need
  build [MACHINE]       the agent and unlockctl for this machine, into out/bin; for another one (amd64, arm64), into out/bin-MACHINE
  package [MACHINE]     unlock-agent_VERSION_MACHINE.deb for amd64, arm64 or all (the default), into out/packages
                        (package MACHINE FOLDER: built in that folder, and left there)
  test [--all]          build, then run the tests; the last line is the sum (--all: with the tests of more combinations, trait When=All)
  faults                break each part at each moment, on the host and in the emulated phone: the whole matrix, table in out/faults.md
  mutants               make every careless change of a security decision, one after the other, and see a test notice it; table in out/mutants.md
  fuzz [SECONDS]        feed mutated messages, card answers and tokens to their readers (default 600)
  bench [card|display|screen|phone]  measure: PIN to key beside gpg --decrypt, frames to each pixel format and rotation, touches and screens drawn,
                        and whole boots beside unl0kr, osk-sdl, plymouth, askpass and decrypt_gnupg-sc; tables in out/bench
                        (bench phone [--rounds N] [--only LABEL,...]: 5 rounds and all of them otherwise; phone --again: tables and chart of
                        what was measured last)
  demo [--interactive]  boot an emulated phone and unlock it with a card; pictures in out/demo
                        (--interactive: in a window, you tap)
USAGE
}

say() {
    echo "build.sh: $*"
}

fail() {
    echo "build.sh: $*" >&2
    exit 1
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo -- "$@"
    fi
}

# need PACKAGE...: installs those that are not there.
need() {
    local package missing=()
    for package in "$@"; do
        if [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)" != installed ]; then
            missing+=("$package")
        fi
    done
    if [ ${#missing[@]} -gt 0 ]; then
        say "installing ${missing[*]}"
        as_root apt-get update -qq
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
    fi
}

setup_build() {
    command -v dotnet >/dev/null || fail "the .NET 10 SDK is missing: see https://dotnet.microsoft.com/download"
    need "${build_packages[@]}"
}

setup_test() {
    setup_build
    need "${test_packages[@]}"
    # Trees and images are made as root; asked for here, since a password cannot be typed later.
    [ "$(id -u)" -eq 0 ] || sudo -v
}

# The name under which the agent's loader looks for a library.
soname() {
    readelf -d "$1" | sed -n 's/.*SONAME.*\[\(.*\)\]/\1/p'
}

# This machine as Debian names it.
this_machine() {
    dpkg --print-architecture
}

# runtime [MACHINE]: a Debian architecture as .NET names it.
runtime() {
    case "${1:-$(this_machine)}" in
        amd64) echo linux-x64 ;;
        arm64) echo linux-arm64 ;;
        *) fail "nothing is built for $1: amd64 and arm64 are known" ;;
    esac
}

# gnu MACHINE: the same as GNU's tools name it.
gnu() {
    case "$1" in
        amd64) echo x86_64-linux-gnu ;;
        arm64) echo aarch64-linux-gnu ;;
    esac
}

# bin MACHINE: where what is built for that machine lies.
bin() {
    if [ "$1" = "$(this_machine)" ]; then
        echo out/bin
    else
        echo "out/bin-$1"
    fi
}

# nuget PACKAGE NAME: where a restored package lies, in the version that Directory.Packages.props gives to NAME.
nuget() {
    local version
    version=$(sed -n -e "s|.*\"$2\" Version=\"\[\(.*\)\]\".*|\1|p" -e "s|.*<$2>\(.*\)</$2>.*|\1|p" Directory.Packages.props)
    echo "${NUGET_PACKAGES:-$HOME/.nuget/packages}/$1/$version"
}

build() {
    build_for "$(this_machine)"
}

# publish PROJECT MACHINE FOLDER [OPTION...]: a native program, for this machine or another one.
publish() {
    local options=("${@:4}")
    if [ "$2" != "$(this_machine)" ]; then
        options+=(-p:LinkerFlavor=lld "-p:ObjCopyName=$(gnu "$2")-objcopy")
    fi
    dotnet publish "$1" -c Release -r "$(runtime "$2")" "${options[@]}" -o "$3" -v quiet
}

# trim_skia LIBRARY AGENT OUTPUT, with $tool's strip: NuGet's library without what the agent never asks for and what only a debugger reads,
# and with our stand-in for libstdc++ (stand-ins/skia.c).
trim_skia() {
    local needs
    # It is built without exceptions: its unwind tables weigh 0.4 MB in the compressed image.
    "${tool}strip" --strip-all -R .eh_frame -R .eh_frame_hdr -R .comment -o "$3.stripped" "$1"
    # Half of its code is for what the agent never calls: 1.7 MB of the compressed image, and 3.6 MB to unpack.
    dotnet build tools/SkiaTrimmer -c Release -v quiet
    tools/SkiaTrimmer/bin/Release/net10.0/SkiaTrimmer "$1" "$3.stripped" "$2" "$3"
    rm "$3.stripped"
    # The name stands in one place, in no more room than it had: what the library needs and of which versions both refer to it.
    LC_ALL=C sed -i 's/libstdc++\.so\.6/libskiacxx.so\x0/' "$3"
    needs=$(readelf -d -V "$3")
    if [ "$(grep -c -F libskiacxx.so <<<"$needs")" -ne 2 ] || grep -q -F 'libstdc++' <<<"$needs"; then
        fail "$3 does not ask for its stand-in of libstdc++"
    fi
}

# build_for MACHINE: the agent, Skia, the stand-ins and unlockctl, for this machine or another one.
build_for() {
    local machine=$1 bin publish tool
    setup_build
    bin=$(bin "$machine")
    tool=''
    if [ "$machine" != "$(this_machine)" ]; then
        need "${cross_packages[@]}" "gcc-$(gnu "$machine" | tr _ -)" "libc6-dev-$machine-cross"
        tool=$(gnu "$machine")-
    fi
    publish=out/publish/$machine

    say "compiling the agent and unlockctl to native binaries for $machine"
    rm -rf "$bin" "$publish"
    mkdir -p "$bin"
    # The same flags inside and outside of a package build: the same bytes.
    CC="${tool}gcc" CFLAGS='' initramfs-hooks/stand-ins/compile "$bin"
    publish src/UnlockAgent "$machine" "$publish/agent" "-p:SkiaStandIns=$PWD/$bin/libskiacxx.so"
    publish src/UnlockControl "$machine" "$publish/control"
    "${tool}strip" --strip-all -R .comment -o "$bin/unlock-agent" "$publish/agent/unlock-agent"
    "${tool}strip" --strip-all -R .comment -o "$bin/unlockctl" "$publish/control/unlockctl"
    trim_skia "$publish/agent/libSkiaSharp.so" "$bin/unlock-agent" "$bin/$(soname "$publish/agent/libSkiaSharp.so")"
    install -D -m 0644 "$(nuget skiasharp.nativeassets.linux.nodependencies SkiaSharp)/THIRD-PARTY-NOTICES.txt" \
        "$publish/third-party/skia-notices.txt"
    install -D -m 0644 "$(nuget microsoft.dotnet.ilcompiler NativeAotVersion)/THIRD-PARTY-NOTICES.TXT" "$publish/third-party/dotnet-notices.txt"
    say "$bin holds $(du -ch --apparent-size "$bin"/* | tail -n 1 | cut -f 1)"
}

# What a package is made from: no history, no tests, nothing that was built.
package_sources=(.editorconfig CHANGELOG.md Directory.Build.props Directory.Build.targets Directory.Packages.props LICENSE README.md
    build.sh docs global.json initramfs-hooks packaging src tools)

# package_in FOLDER MACHINE...: unlock-agent_VERSION_MACHINE.deb for each, in FOLDER, where the sources are copied to and built.
package_in() {
    local folder=$1 machine
    shift
    setup_build
    need "${package_packages[@]}"
    rm -rf "$folder"
    mkdir -p "$folder/unlock-agent"
    tar -c --exclude=bin --exclude=obj "${package_sources[@]}" | tar -x -C "$folder/unlock-agent"
    cp -r packaging/debian "$folder/unlock-agent/debian"
    for machine in "$@"; do
        say "building the package for $machine"
        # debhelper gives the build a home of its own, which would restore every NuGet package anew. What dpkg wants to hear
        # about foreign packages (-d) build.sh has installed as cross packages.
        (
            cd "$folder/unlock-agent"
            unset SOURCE_DATE_EPOCH
            NUGET_PACKAGES=${NUGET_PACKAGES:-$HOME/.nuget/packages} DOTNET_CLI_HOME=${DOTNET_CLI_HOME:-$HOME} \
                dpkg-buildpackage --build=binary --host-arch "$machine" -d --no-sign >"../$machine.log" 2>&1
        ) || {
            tail -n 30 "$folder/$machine.log" >&2
            fail "the package for $machine was not built: $folder/$machine.log"
        }
    done
}

package() {
    local machine machines=("$1") folder=${2:-out/package}
    if [ "$1" = all ]; then
        machines=(amd64 arm64)
    fi
    package_in "$folder" "${machines[@]}"
    if [ $# -eq 2 ]; then
        return
    fi
    mkdir -p out/packages
    for machine in "${machines[@]}"; do
        rm -f out/packages/unlock-agent_*_"$machine".deb
        cp "$folder"/unlock-agent_*_"$machine".deb out/packages/
    done
    say "out/packages holds" out/packages/*
}

# Numbers of a test program's closing line, for example "Total: 12, Errors: 0, Failed: 1, Skipped: 0".
number_of() {
    sed -n "s/.*$1: \([0-9]*\).*/\1/p" <<<"$2" | tail -n 1
}

run_tests() {
    local project name log line passed=0 failed=0 skipped=0 choice=(-trait- When=All)
    case "${1:-}" in
        '') ;;
        --all) choice=() ;;
        *) fail "no such way to test: $1" ;;
    esac
    setup_test
    build
    # The Librem 5's, booted on an emulated ARM machine.
    [ "$(this_machine)" = arm64 ] || build_for arm64
    build_probe
    publish tests/UnlockProbe arm64 out/probe-arm64
    package all
    rm -f out/figures.txt
    say "compiling the tests"
    dotnet build UnlockAgent.sln -c Release -v quiet
    while read -r project; do
        name=$(basename "$project" .csproj)
        log=out/tests/$name.log
        mkdir -p out/tests
        say "running $name"
        "$(dirname "$project")/bin/Release/net10.0/$name" "${choice[@]}" >"$log" 2>&1 || true
        cat "$log"
        line=$(grep -E 'Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+, Skipped: [0-9]+' "$log" | tail -n 1 || true)
        if [ -z "$line" ]; then
            say "$name ended without a summary"
            failed=$((failed + 1))
            continue
        fi
        local total bad
        total=$(number_of Total "$line")
        bad=$(($(number_of Failed "$line") + $(number_of Errors "$line")))
        skipped=$((skipped + $(number_of Skipped "$line")))
        failed=$((failed + bad))
        passed=$((passed + total - $(number_of Failed "$line") - $(number_of Skipped "$line")))
    done < <(find tests -name '*.Tests.csproj' -not -path '*/obj/*' | sort)

    say "measured in the emulated phone:"
    cat out/figures.txt || true
    if [ "$skipped" -gt 0 ]; then
        echo "$passed passed, $failed failed, $skipped skipped"
    else
        echo "$passed passed, $failed failed"
    fi
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}

# The card half of the agent by itself, native, to be measured and searched.
build_probe() {
    publish tests/UnlockProbe "$(this_machine)" out/probe
}

bench_card() {
    build_probe
    dotnet build bench/CardBench -c Release -v quiet
    bench/CardBench/bin/Release/net10.0/CardBench
}

bench_display() {
    dotnet build bench/DisplayBench -c Release -v quiet
    bench/DisplayBench/bin/Release/net10.0/DisplayBench
}

bench_screen() {
    dotnet build bench/ScreenBench -c Release -v quiet
    bench/ScreenBench/bin/Release/net10.0/ScreenBench
}

bench_phone() {
    build
    dotnet build bench/PhoneBench -c Release -v quiet
    bench/PhoneBench/bin/Release/net10.0/PhoneBench "$@"
}

bench() {
    setup_test
    case "${1:-all}" in
        all)
            bench_card
            bench_display
            bench_screen
            bench_phone
            ;;
        card) bench_card ;;
        display) bench_display ;;
        screen) bench_screen ;;
        phone) bench_phone "${@:2}" ;;
        *) fail "no such measurement: $1" ;;
    esac
}

# faults: every cell, also those that test leaves out (trait When=All). The tests write a table each.
faults() {
    local status=0 table total=0 failed=0 line
    setup_test
    build
    rm -rf out/faults out/faults.md
    say "compiling the tests"
    dotnet build tests/Faults.Tests -c Release -v quiet
    dotnet build tests/boot/Boot.Tests -c Release -v quiet
    say "breaking things on the host"
    tests/Faults.Tests/bin/Release/net10.0/Faults.Tests || status=1
    say "breaking things in the emulated phone"
    tests/boot/Boot.Tests/bin/Release/net10.0/Boot.Tests -namespace Boot.Tests.Faults || status=1
    for table in out/faults/*.md; do
        # "116 cells, 0 failed", the third line of each.
        line=$(grep -m 1 -E '^[0-9]+ cells, [0-9]+ failed$' "$table") || fail "$table has no sum"
        total=$((total + $(cut -d ' ' -f 1 <<<"$line")))
        failed=$((failed + $(cut -d ' ' -f 3 <<<"$line")))
    done
    {
        echo "$total cells, $failed failed"
        for table in out/faults/*.md; do
            echo
            cat "$table"
        done
    } >out/faults.md
    say "out/faults.md holds $total cells, $failed failed"
    [ "$status" -eq 0 ] && [ "$failed" -eq 0 ] && [ "$total" -gt 0 ]
}

# mutants: also those that test leaves out (trait When=All), about half an hour.
mutants() {
    local status=0 survivors
    setup_test
    rm -rf out/mutants/table
    dotnet build tests/Mutants.Tests -c Release -v quiet
    tests/Mutants.Tests/bin/Release/net10.0/Mutants.Tests || status=1
    survivors=$(cat out/mutants/table/* | grep -c -F '| **nothing** |' || true)
    {
        echo "$(find out/mutants/table -type f | wc -l) mutants, $survivors survive"
        echo
        echo "| number | decision | what it would do | where | noticed by |"
        echo "|---|---|---|---|---|"
        cat out/mutants/table/*
    } >out/mutants.md
    say "out/mutants.md: $(head -n 1 out/mutants.md)"
    return "$status"
}

fuzz() {
    setup_build
    dotnet build tests/Fuzz.Tests -c Release -v quiet
    FUZZ_SECONDS=${1:-600} FUZZ_SEED=${FUZZ_SEED:-$RANDOM} tests/Fuzz.Tests/bin/Release/net10.0/Fuzz.Tests
}

demo() {
    setup_test
    if [ "${1:-}" = --interactive ]; then
        need "${window_packages[@]}"
    fi
    build
    say "compiling the emulated phone"
    dotnet build tests/boot/EmulatedPhone -c Release -v quiet
    exec tests/boot/EmulatedPhone/bin/Release/net10.0/EmulatedPhone "$@"
}

case "${1:-}" in
    setup) setup_test ;;
    build) build_for "${2:-$(this_machine)}" ;;
    package)
        shift
        package "${@:-all}"
        ;;
    test) run_tests "${2:-}" ;;
    bench)
        shift
        bench "$@"
        ;;
    faults) faults ;;
    mutants) mutants ;;
    fuzz)
        shift
        fuzz "$@"
        ;;
    demo)
        shift
        demo "$@"
        ;;
    *)
        usage >&2
        exit 2
        ;;
esac
