// SPDX-License-Identifier: GPL-3.0-or-later
//
// first-frame COMMAND [ARG...]: runs the command and prints the milliseconds from its exec to the first changed pixel of
// /dev/fb0, and its resident memory in kB half a second later (VmRSS and VmHWM of /proc/PID/status). Then kills it.
// It watches from outside, so that programs of any origin are measured alike: a grid of samples, looked at every 0.5 ms.

#include <fcntl.h>
#include <linux/fb.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ROWS = 24, COLUMNS = 12, PATIENCE_MS = 30000 };

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static void sample(const uint8_t *screen, const struct fb_var_screeninfo *var, uint32_t stride, uint32_t grid[ROWS * COLUMNS])
{
    for (uint32_t r = 0; r < ROWS; r++)
        for (uint32_t c = 0; c < COLUMNS; c++)
            memcpy(&grid[r * COLUMNS + c],
                   screen + (size_t)stride * ((2 * r + 1) * var->yres / (2 * ROWS)) + 4 * (size_t)((2 * c + 1) * var->xres / (2 * COLUMNS)), 4);
}

static void print_memory(pid_t child)
{
    char path[64], line[256];
    snprintf(path, sizeof path, "/proc/%d/status", child);
    FILE *status = fopen(path, "r");
    while (status && fgets(line, sizeof line, status)) {
        long kb;
        if (sscanf(line, "VmRSS: %ld", &kb) == 1) printf("rss %ld\n", kb);
        if (sscanf(line, "VmHWM: %ld", &kb) == 1) printf("peak %ld\n", kb);
    }
    if (status) fclose(status);
}

int main(int argc, char **argv)
{
    struct fb_var_screeninfo var;
    struct fb_fix_screeninfo fix;
    static uint32_t before[ROWS * COLUMNS], after[ROWS * COLUMNS];
    int fb = open("/dev/fb0", O_RDWR);
    if (argc < 2 || fb < 0 || ioctl(fb, FBIOGET_VSCREENINFO, &var) || ioctl(fb, FBIOGET_FSCREENINFO, &fix) || var.bits_per_pixel != 32) {
        fprintf(stderr, "usage: first-frame COMMAND [ARG...], with a /dev/fb0 of 32 bits a pixel\n");
        return 2;
    }
    const uint8_t *screen = mmap(NULL, fix.smem_len, PROT_READ, MAP_SHARED, fb, 0);
    if (screen == MAP_FAILED) return 2;

    sample(screen, &var, fix.line_length, before);
    double start = now_ms(), first = -1;
    pid_t child = fork();
    if (child == 0) {
        int null = open("/dev/null", O_RDWR);
        dup2(null, 1);
        dup2(null, 2);
        execvp(argv[1], argv + 1);
        _exit(127);
    }
    while (first < 0 && now_ms() - start < PATIENCE_MS) {
        sample(screen, &var, fix.line_length, after);
        if (memcmp(before, after, sizeof before) != 0) first = now_ms() - start;
        else nanosleep(&(struct timespec){ .tv_nsec = 500000 }, NULL);
    }
    printf("first-frame %.1f\n", first);
    nanosleep(&(struct timespec){ .tv_nsec = 500000000 }, NULL);
    print_memory(child);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    return first < 0;
}
