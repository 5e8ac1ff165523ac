#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Makes Inter-Medium.subset.otf from Debian's fonts-inter: the glyphs of ASCII, Latin-1 and the signs that the screens use.
# Needs: apt install fonts-inter fonttools
set -eu
cd "$(dirname "$0")"
pyftsubset /usr/share/fonts/opentype/inter/Inter-Medium.otf --output-file=Inter-Medium.subset.otf \
    --unicodes=U+0020-007E,U+00A0-00FF,U+2013,U+2014,U+2018,U+2019,U+201C,U+201D,U+2022,U+2026,U+20AC \
    --layout-features='kern,tnum' --no-hinting --desubroutinize --name-IDs='*'
