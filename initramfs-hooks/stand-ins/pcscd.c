// SPDX-License-Identifier: GPL-3.0-or-later
//
// Stands in for the libraries that Debian's pcscd is linked with and has no use for in an initramfs: libsystemd (socket
// activation, sd_listen_fds(3)) and polkit with glib and gio behind it (switched off with --disable-polkit). They are
// 1 MB (Debian 12) and 2 MB (Debian 13) of a compressed image; this is 0.002 MB. Only what pcscd names is here: the
// hook starts pcscd with it inside the image and takes the real libraries when anything is missing.

#include <stdlib.h>

// "No socket was passed in, and this is none": pcscd then opens its own.
int sd_listen_fds(int unset_environment) { (void)unset_environment; return 0; }
int sd_is_socket(int fd, int family, int type, int listening)
{
    (void)fd; (void)family; (void)type; (void)listening;
    return 0;
}

// Reached only if pcscd asked polkit in spite of --disable-polkit: better no service than one that skips the question.
#define NEVER_CALLED(name) void name(void) { abort(); }
NEVER_CALLED(g_error_free)
NEVER_CALLED(g_object_unref)
NEVER_CALLED(polkit_authority_check_authorization_sync)
NEVER_CALLED(polkit_authority_get_sync)
NEVER_CALLED(polkit_authorization_result_get_is_authorized)
NEVER_CALLED(polkit_details_insert)
NEVER_CALLED(polkit_details_new)
NEVER_CALLED(polkit_unix_process_new_for_owner)
