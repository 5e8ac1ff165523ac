// SPDX-License-Identifier: GPL-3.0-or-later
//
// What becomes of a touch, seen from outside: who has a device open, what it costs (proc(5)), and the pixels of /dev/fb0.

#include "player.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <linux/fb.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
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
    const uint8_t *pixels;
    uint32_t stride, left, top, width, height;
    uint8_t *before;
} screen;

static void open_screen(void)
{
    struct fb_var_screeninfo var;
    struct fb_fix_screeninfo fix;
    int fd = open("/dev/fb0", O_RDWR | O_CLOEXEC);
    if (fd < 0 || ioctl(fd, FBIOGET_VSCREENINFO, &var) || ioctl(fd, FBIOGET_FSCREENINFO, &fix) || var.bits_per_pixel != 32)
        fail("there is no /dev/fb0 of 32 bits a pixel");
    screen.pixels = mmap(NULL, fix.smem_len, PROT_READ, MAP_SHARED, fd, 0);
    screen.stride = fix.line_length;
    if (screen.pixels == MAP_FAILED) fail("/dev/fb0 is not mapped");
    // What is watched for must not wait for the watched.
    if (sched_setscheduler(0, SCHED_FIFO, &(struct sched_param){ .sched_priority = 1 })) fail("no real-time priority");
}

static const uint8_t *row_of_screen(uint32_t row)
{
    return screen.pixels + (size_t)screen.stride * (screen.top + row) + 4 * (size_t)screen.left;
}

void watch(int left, int top, int right, int bottom)
{
    if (!screen.pixels) open_screen();
    screen.left = left;
    screen.top = top;
    screen.width = right - left;
    screen.height = bottom - top;
    screen.before = realloc(screen.before, 4 * (size_t)screen.width * screen.height);
    if (!screen.before) fail("there is no memory for what is watched");
    for (uint32_t row = 0; row < screen.height; row++)
        memcpy(screen.before + 4 * (size_t)screen.width * row, row_of_screen(row), 4 * (size_t)screen.width);
}

// Every fourth row: a look must cost little beside what it looks at.
static int differs(void)
{
    for (uint32_t row = 0; row < screen.height; row += 4)
        if (memcmp(screen.before + 4 * (size_t)screen.width * row, row_of_screen(row), 4 * (size_t)screen.width) != 0) return 1;
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

