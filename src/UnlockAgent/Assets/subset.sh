#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Makes Inter-Medium.subset.otf from Debian's fonts-inter (the glyphs of ASCII, Latin-1 and the signs that the screens use), and
# ../Screen/FontData.cs from it: the font as data of the program.
# Needs: apt install fonts-inter fonttools
set -eu
cd "$(dirname "$0")"
pyftsubset /usr/share/fonts/opentype/inter/Inter-Medium.otf --output-file=Inter-Medium.subset.otf \
    --unicodes=U+0020-007E,U+00A0-00FF,U+2013,U+2014,U+2018,U+2019,U+201C,U+201D,U+2022,U+2026,U+20AC \
    --layout-features='kern,tnum' --no-hinting --desubroutinize --name-IDs='*'

{
    echo "// SPDX-License-Identifier: OFL-1.1"
    echo "// Made by Assets/subset.sh from Inter-Medium.subset.otf; its licence is Assets/OFL.txt. Not an embedded resource: to find one, the"
    echo "// runtime reads its reflection data and seeds a hash from /dev/urandom, which waits early in a boot."
    echo "namespace UnlockAgent.Screen;"
    echo
    echo "internal static class FontData"
    echo "{"
    echo "    /// <summary>The font file, in Base64.</summary>"
    echo "    public static ReadOnlySpan<byte> Base64 =>"
    base64 -w 120 Inter-Medium.subset.otf | sed 's/.*/        "&"u8 +/' | sed '$ s/ +$/;/'
    echo "}"
} >../Screen/FontData.cs
