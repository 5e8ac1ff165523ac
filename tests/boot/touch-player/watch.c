// SPDX-License-Identifier: GPL-3.0-or-later
//
// What becomes of a touch, seen from outside: who has a device open, what it costs (proc(5)), and the pixels of the screen.

#include "player.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LOOK_NS = 100000 };

static int is_program(const char *pid, const char *program)
{
    char path[300], target[300];
    snprintf(path, sizeof path, "/proc/%.20s/exe", pid);
    ssize_t length = readlink(path, target, sizeof target - 1);
    if (length < 0) return 0;
    target[length] = 0;
    const char *base = strrchr(target, '/');
    return base && strcmp(base + 1, program) == 0;
}

// Calls act for every /proc/PID whose executable has that name, until it answers other than 0.
static int each_process(const char *program, int (*act)(const char *pid, void *argument), void *argument)
{
    DIR *proc = opendir("/proc");
    int answer = 0;
    for (struct dirent *entry; !answer && proc && (entry = readdir(proc));)
        if (isdigit((unsigned char)entry->d_name[0]) && is_program(entry->d_name, program)) answer = act(entry->d_name, argument);
    if (proc) closedir(proc);
    return answer;
}

static int has_open(const char *pid, void *node)
{
    char path[300], target[300];
    int found = 0;
    snprintf(path, sizeof path, "/proc/%.20s/fd", pid);
    DIR *folder = opendir(path);
    for (struct dirent *entry; !found && folder && (entry = readdir(folder));) {
        ssize_t length = readlinkat(dirfd(folder), entry->d_name, target, sizeof target - 1);
        found = length > 0 && (target[length] = 0, strcmp(target, node) == 0);
    }
    if (folder) closedir(folder);
    return found;
}

// Whoever opens a device asks for its state first, and the kernel drops what is queued meanwhile: hence the moment after.
void wait_opened(const struct device *device, const char *program)
{
    struct timespec start = now();
    while (!each_process(program, has_open, (void *)device->node)) {
        if (ms_between(start, now()) > PATIENCE_S * 1e3) fail("%s does not open %s", program, device->node);
        sleep_ns(20000000);
    }
    sleep_ns(200000000);
}

static int add_cpu(const char *pid, void *sum)
{
    char path[300];
    snprintf(path, sizeof path, "/proc/%.20s/task", pid);
    DIR *folder = opendir(path);
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        unsigned long long ns;
        snprintf(path, sizeof path, "/proc/%.20s/task/%.20s/schedstat", pid, entry->d_name);
        FILE *file = isdigit((unsigned char)entry->d_name[0]) ? fopen(path, "r") : NULL;
        if (file && fscanf(file, "%llu", &ns) == 1) *(unsigned long long *)sum += ns;
        if (file) fclose(file);
    }
    if (folder) closedir(folder);
    return 0;
}

double cpu_ms(const char *program)
{
    unsigned long long ns = 0;
    each_process(program, add_cpu, &ns);
    return ns / 1e6;
}

static struct {
    uint32_t left, top, width, height;
    uint8_t *before;
} watched;

static const struct screen *screen_of_32_bits(void)
{
    const struct screen *screen = look_at_screen();
    if (!screen || screen->stride < 4 * screen->width) fail("there is no screen of 32 bits a pixel");
    return screen;
}

static const uint8_t *watched_row(const struct screen *screen, uint32_t row)
{
    return pixel_of(screen, watched.left, watched.top + row);
}

void watch(int left, int top, int right, int bottom)
{
    const struct screen *screen = screen_of_32_bits();
    // What is watched for must not wait for the watched.
    if (sched_setscheduler(0, SCHED_FIFO, &(struct sched_param){ .sched_priority = 1 })) fail("no real-time priority");
    watched.left = left;
    watched.top = top;
    watched.width = right - left;
    watched.height = bottom - top;
    watched.before = realloc(watched.before, 4 * (size_t)watched.width * watched.height);
    if (!watched.before) exit(1);
    for (uint32_t row = 0; row < watched.height; row++)
        memcpy(watched.before + 4 * (size_t)watched.width * row, watched_row(screen, row), 4 * (size_t)watched.width);
}

// Every fourth row: a look must cost little beside what it looks at.
static int differs(void)
{
    const struct screen *screen = screen_of_32_bits();
    for (uint32_t row = 0; row < watched.height; row += 4)
        if (memcmp(watched.before + 4 * (size_t)watched.width * row, watched_row(screen, row), 4 * (size_t)watched.width) != 0) return 1;
    return 0;
}

void wait_changed(void)
{
    while (!differs()) {
        if (ms_between(sent, now()) > PATIENCE_S * 1e3) fail("the screen does not change");
        sleep_ns(LOOK_NS);
    }
    printf("changed %.2f\n", ms_between(sent, now()));
}

