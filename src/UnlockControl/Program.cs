// SPDX-License-Identifier: GPL-3.0-or-later
// unlockctl: sets a disk up to be opened by a card, and looks after the cards. Run by a person on the booted system.
using UnlockControl.Commands;

return (int)CommandLine.Run(args);
