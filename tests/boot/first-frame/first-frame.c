// SPDX-License-Identifier: GPL-3.0-or-later
//
// first-frame COMMAND [ARGUMENT...]: maps /dev/fb0, starts the command and prints the milliseconds from just before
// its execve to the first changed pixel; then kills it. The same stopwatch for every program: it looks at pixels only.
// Exit status 1 where nothing changed within 30 s.
#include <fcntl.h>
#include <linux/fb.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const double patience_ms = 30000;

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

static void die(const char *what)
{
    perror(what);
    exit(1);
}

// Rows that are sampled: every 8th, since comparing all of them would take the CPU from the program that is measured.
static int differs(const uint8_t *screen, const uint8_t *before, const struct fb_fix_screeninfo *fix, uint32_t rows)
{
    for (uint32_t row = 0; row < rows; row += 8) {
        size_t at = (size_t)row * fix->line_length;
        if (memcmp(screen + at, before + at, fix->line_length) != 0)
            return 1;
    }
    return 0;
}

int main(int count, char **arguments)
{
    struct fb_fix_screeninfo fix;
    struct fb_var_screeninfo var;
    int fb = open("/dev/fb0", O_RDWR | O_CLOEXEC);
    if (count < 2 || fb < 0 || ioctl(fb, FBIOGET_FSCREENINFO, &fix) < 0 || ioctl(fb, FBIOGET_VSCREENINFO, &var) < 0)
        die("/dev/fb0");

    size_t size = (size_t)fix.line_length * var.yres;
    uint8_t *screen = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fb, 0);
    uint8_t *before = malloc(size);
    if (screen == MAP_FAILED || before == NULL)
        die("mmap");

    // A colour that no program draws in: otherwise a frame equal to the console's background would not be seen.
    memset(screen, 0x5A, size);
    memcpy(before, screen, size);

    double start = now_ms();
    pid_t child = fork();
    if (child < 0)
        die("fork");
    if (child == 0) {
        execv(arguments[1], arguments + 1);
        die(arguments[1]);
    }

    double took = 0;
    int changed = 0;
    while (!changed && took < patience_ms) {
        usleep(1000);
        changed = differs(screen, before, &fix, var.yres);
        took = now_ms() - start;
    }

    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    if (!changed)
        return 1;
    printf("%.0f\n", took);
    return 0;
}
