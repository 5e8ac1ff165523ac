// SPDX-License-Identifier: GPL-3.0-or-later
//
// touch-player: a hand inside the guest. It makes input devices through /dev/uinput and plays what standard input says, one
// command a line, until that ends; then the devices go. Times are of the guest's clock. Any error ends it with a message.
//
//   device NAME KIND MINX MAXX MINY MAXY   KIND: slots (multitouch protocol B), packets (protocol A), single (ABS_X and BTN_TOUCH)
//   device NAME mouse | keys               two axes and three buttons; every key
//   opened NAME PROGRAM                    waits until a process of that executable's name has the device open
//   down NAME FINGER X Y                   a finger (0 to 9) comes down, in the units of the axes
//   move NAME FINGER X Y
//   up NAME FINGER
//   by NAME DX DY                          the mouse moves
//   press NAME CODE / release NAME CODE    a key or a mouse button, by its number in linux/input-event-codes.h
//   start / wait MS                        begins a schedule; waits until MS after its last entry, however late that came
//   watch LEFT TOP RIGHT BOTTOM            remembers these pixels of the screen, with 32 bits each
//   changed                                waits until they differ; prints "changed MS", counted from the last event sent
//   cpu PROGRAM                            prints "cpu MS": processor time that the process' threads have used
//   stamp                                  prints "stamp MS": the clock at the last event sent
//   say WORD                               prints it
//
// touch-player LOG: writes to LOG when the picture changes, until it is killed: "MS PICTURE", the clock and a sum of the picture.

#include "player.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int line_number;
static struct timespec schedule;

void fail(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "touch-player: line %d: ", line_number);
    vfprintf(stderr, format, arguments);
    fprintf(stderr, " (%m)\n");
    va_end(arguments);
    exit(1);
}

struct timespec now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t;
}

double ms_between(struct timespec from, struct timespec to)
{
    return (to.tv_sec - from.tv_sec) * 1e3 + (to.tv_nsec - from.tv_nsec) / 1e6;
}

void sleep_ns(long ns)
{
    nanosleep(&(struct timespec){ .tv_nsec = ns }, NULL);
}

static void wait_ms(int ms)
{
    schedule.tv_nsec += ms % 1000 * 1000000L;
    schedule.tv_sec += ms / 1000 + schedule.tv_nsec / 1000000000;
    schedule.tv_nsec %= 1000000000;
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &schedule, NULL);
}

static void play_pointer(const char *verb, const char *name, int count, const int number[4])
{
    struct device *device = find_device(name);
    if (strcmp(verb, "down") == 0 && count == 3) put_finger(device, number[0], (struct finger){ 1, number[1], number[2] });
    else if (strcmp(verb, "move") == 0 && count == 3) put_finger(device, number[0], (struct finger){ 1, number[1], number[2] });
    else if (strcmp(verb, "up") == 0 && count == 1) put_finger(device, number[0], (struct finger){ 0, 0, 0 });
    else if (strcmp(verb, "by") == 0 && count == 2) move_by(device, number[0], number[1]);
    else if ((strcmp(verb, "press") == 0 || strcmp(verb, "release") == 0) && count == 1) put_key(device, number[0], verb[0] == 'p');
    else fail("%s is no command, or wants other words", verb);
}

static void play(const char *line)
{
    char verb[NAME] = "", first[NAME] = "", second[NAME] = "";
    int number[4] = { 0 };
    int words = sscanf(line, "%31s %31s %31s", verb, first, second);
    if (words < 1) return;
    if (strcmp(verb, "device") == 0 && words == 3) {
        sscanf(line, "%*s %*s %*s %d %d %d %d", &number[0], &number[1], &number[2], &number[3]);
        make_device(first, second, number);
    } else if (strcmp(verb, "opened") == 0 && words == 3) wait_opened(find_device(first), second);
    else if (strcmp(verb, "start") == 0) schedule = now();
    else if (strcmp(verb, "wait") == 0 && words == 2) wait_ms(atoi(first));
    else if (strcmp(verb, "watch") == 0 && sscanf(line, "%*s %d %d %d %d", &number[0], &number[1], &number[2], &number[3]) == 4)
        watch(number[0], number[1], number[2], number[3]);
    else if (strcmp(verb, "changed") == 0) wait_changed();
    else if (strcmp(verb, "cpu") == 0 && words == 2) printf("cpu %.3f\n", cpu_ms(first));
    else if (strcmp(verb, "stamp") == 0) printf("stamp %.3f\n", ms_between((struct timespec){ 0 }, sent));
    else if (strcmp(verb, "say") == 0) printf("%s\n", first);
    else {
        int count = sscanf(line, "%*s %*s %d %d %d", &number[0], &number[1], &number[2]);
        play_pointer(verb, first, count, number);
    }
}

int main(int argc, char **argv)
{
    char line[256];
    if (argc == 2) watch_boot(argv[1]);
    setvbuf(stdout, NULL, _IOLBF, 0);
    while (fgets(line, sizeof line, stdin)) {
        line_number++;
        play(line);
    }
    return 0;
}
