// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the parts of touch-player share.

#pragma once

#include <stdint.h>
#include <time.h>

enum { NAME = 32, FINGERS = 10, PATIENCE_S = 60 };
enum kind { SLOTS, PACKETS, SINGLE, MOUSE, KEYS };

struct finger {
    int down, x, y;
};

struct device {
    char name[NAME], node[NAME];
    enum kind kind;
    int fd;
    struct finger fingers[FINGERS];
};

// The picture that is scanned out, 32 bits a pixel.
struct screen {
    uint32_t id, width, height, stride, offset;
    const uint8_t *pixels;
};

// When the last event was sent.
extern struct timespec sent;

// touch-player.c
__attribute__((format(printf, 1, 2), noreturn)) void fail(const char *format, ...);
struct timespec now(void);
double ms_between(struct timespec from, struct timespec to);
void sleep_ns(long ns);

// devices.c
struct device *find_device(const char *name);
void make_device(const char *name, const char *kind, const int range[4]);
void put_finger(struct device *device, int number, struct finger finger);
void move_by(struct device *device, int dx, int dy);
void put_key(struct device *device, int code, int down);

// watch.c
void wait_opened(const struct device *device, const char *program);
double cpu_ms(const char *program);
void watch(int left, int top, int right, int bottom);
void wait_changed(void);

// screen.c
const struct screen *look_at_screen(void);
const uint8_t *pixel_of(const struct screen *screen, uint32_t x, uint32_t y);

// boot.c
__attribute__((noreturn)) void watch_boot(const char *path);
