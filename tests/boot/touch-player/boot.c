// SPDX-License-Identifier: GPL-3.0-or-later
//
// When a boot's picture changes: a grid of samples, fine enough for a line of text, looked at every millisecond, and a line for each change.

#include "player.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { ROWS = 180, COLUMNS = 90, LOOK_NS = 1000000 };

static uint64_t picture(const struct screen *screen)
{
    uint64_t sum = 0xcbf29ce484222325;
    for (uint32_t row = 0; row < ROWS; row++)
        for (uint32_t column = 0; column < COLUMNS; column++) {
            uint32_t value;
            memcpy(&value, pixel_of(screen, (2 * column + 1) * screen->width / (2 * COLUMNS), (2 * row + 1) * screen->height / (2 * ROWS)), 4);
            sum = (sum ^ value) * 0x100000001b3;
        }
    return sum;
}

void watch_boot(const char *path)
{
    uint64_t last = 0;
    FILE *log = fopen(path, "w");
    if (!log) fail("%s cannot be written", path);
    setvbuf(log, NULL, _IOLBF, 0);
    fprintf(log, "%.3f begin\n", ms_between((struct timespec){ 0 }, now()));
    for (;; sleep_ns(LOOK_NS)) {
        const struct screen *screen = look_at_screen();
        uint64_t shown = screen ? picture(screen) : 0;
        if (shown != last) fprintf(log, "%.3f %016llx\n", ms_between((struct timespec){ 0 }, now()), (unsigned long long)shown);
        last = shown;
    }
}
