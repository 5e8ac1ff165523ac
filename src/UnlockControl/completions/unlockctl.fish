# SPDX-License-Identifier: GPL-3.0-or-later
# fish completion for unlockctl(8): the program itself says what fits. Installed as
# /usr/share/fish/vendor_completions.d/unlockctl.fish.

function __unlockctl_fitting
    set -l words (commandline -opc)
    set -l line (string join -- ' ' unlockctl $words[2..-1] (commandline -ct | string collect --allow-empty))
    $words[1] "[suggest:"(string length -- $line)"]" $line 2>/dev/null
end

function __unlockctl_takes_file
    set -l words (commandline -opc)
    contains -- $words[-1] --recipient --key-file --unlock-key-file backup-header
end

complete -c unlockctl -f -a '(__unlockctl_fitting)'
complete -c unlockctl -n __unlockctl_takes_file -F
