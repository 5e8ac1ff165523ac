# SPDX-License-Identifier: GPL-3.0-or-later
# bash completion for unlockctl(8): the program itself says what fits. Installed as /usr/share/bash-completion/completions/unlockctl.

_unlockctl() {
    local line=${COMP_LINE:0:COMP_POINT} word
    # The program may be called by a path: its own name takes that one's place.
    line="unlockctl ${line#* }"
    COMPREPLY=()
    while IFS= read -r word; do
        if [[ $word == "$2"* ]]; then
            COMPREPLY+=("$(printf %q "$word")")
        fi
    done < <("$1" "[suggest:${#line}]" "$line" 2>/dev/null)
}

# Where nothing fits, a file may.
complete -o default -o bashdefault -F _unlockctl unlockctl
