# SPDX-License-Identifier: GPL-3.0-or-later
#
# The terminal has no size of its own; the prompt shows in a transcript where a command ends, and its status.
stty cols 110 rows 50
bind 'set enable-bracketed-paste off'
PS1='[$?] root@phone# '
