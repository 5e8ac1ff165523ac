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
//   watch LEFT TOP RIGHT BOTTOM            remembers these pixels of /dev/fb0, with 32 bits each
//   changed                                waits until they differ; prints "changed MS", counted from the last event sent
//   cpu PROGRAM                            prints "cpu MS": processor time that the process' threads have used
//   say WORD                               prints it

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <linux/fb.h>
#include <linux/uinput.h>
#include <sched.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { DEVICES = 8, FINGERS = 10, NAME = 32, PATIENCE_S = 60, LOOK_NS = 100000 };
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

static struct device devices[DEVICES];
static int device_count, line_number, contact;
static struct timespec sent, schedule;

static void fail(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "touch-player: line %d: ", line_number);
    vfprintf(stderr, format, arguments);
    fprintf(stderr, " (%m)\n");
    va_end(arguments);
    exit(1);
}

static struct timespec now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t;
}

static double ms_between(struct timespec from, struct timespec to)
{
    return (to.tv_sec - from.tv_sec) * 1e3 + (to.tv_nsec - from.tv_nsec) / 1e6;
}

static void sleep_ns(long ns)
{
    nanosleep(&(struct timespec){ .tv_nsec = ns }, NULL);
}

static struct device *find_device(const char *name)
{
    for (int i = 0; i < device_count; i++)
        if (strcmp(devices[i].name, name) == 0) return &devices[i];
    fail("there is no device %s", name);
    return NULL;
}

static void set(int fd, unsigned long request, int value)
{
    if (ioctl(fd, request, value)) fail("uinput refuses %#lx %d", request, value);
}

static void set_axis(int fd, int code, int minimum, int maximum)
{
    struct uinput_abs_setup axis = { .code = code, .absinfo = { .minimum = minimum, .maximum = maximum } };
    if (ioctl(fd, UI_ABS_SETUP, &axis)) fail("uinput refuses axis %#x", code);
}

static void describe_touch(int fd, enum kind kind, const int range[4])
{
    set(fd, UI_SET_EVBIT, EV_ABS);
    set(fd, UI_SET_KEYBIT, BTN_TOUCH);
    set(fd, UI_SET_PROPBIT, INPUT_PROP_DIRECT);
    if (kind != PACKETS) {
        set_axis(fd, ABS_X, range[0], range[1]);
        set_axis(fd, ABS_Y, range[2], range[3]);
    }
    if (kind == SINGLE) return;
    set_axis(fd, ABS_MT_POSITION_X, range[0], range[1]);
    set_axis(fd, ABS_MT_POSITION_Y, range[2], range[3]);
    if (kind == SLOTS) {
        set_axis(fd, ABS_MT_SLOT, 0, FINGERS - 1);
        set_axis(fd, ABS_MT_TRACKING_ID, 0, 65535);
    }
}

static void describe_mouse(int fd)
{
    set(fd, UI_SET_EVBIT, EV_REL);
    set(fd, UI_SET_RELBIT, REL_X);
    set(fd, UI_SET_RELBIT, REL_Y);
    for (int button = BTN_LEFT; button <= BTN_MIDDLE; button++) set(fd, UI_SET_KEYBIT, button);
}

// The name of the event node: /sys/devices/virtual/input/inputN has a folder of it.
static void find_node(struct device *device)
{
    char path[128] = "/sys/devices/virtual/input/";
    size_t length = strlen(path);
    if (ioctl(device->fd, UI_GET_SYSNAME(sizeof path - length), path + length) < 0) fail("uinput does not name the device");
    DIR *folder = opendir(path);
    for (struct dirent *entry; folder && (entry = readdir(folder));)
        if (strncmp(entry->d_name, "event", 5) == 0)
            snprintf(device->node, sizeof device->node, "/dev/input/%.16s", entry->d_name);
    if (folder) closedir(folder);
    if (device->node[0] == 0) fail("%s holds no event node", path);
}

static enum kind kind_of(const char *word)
{
    static const char *const words[] = { "slots", "packets", "single", "mouse", "keys" };
    for (int i = 0; i < 5; i++)
        if (strcmp(word, words[i]) == 0) return i;
    fail("%s is no kind of device", word);
    return 0;
}

static void make_device(const char *name, const char *kind, const int range[4])
{
    if (device_count == DEVICES) fail("too many devices");
    struct device *device = &devices[device_count++];
    struct uinput_setup setup = { .id = { .bustype = BUS_VIRTUAL, .vendor = 1, .product = device_count } };
    snprintf(device->name, sizeof device->name, "%s", name);
    snprintf(setup.name, sizeof setup.name, "touch-player %s", name);
    device->kind = kind_of(kind);
    device->fd = open("/dev/uinput", O_WRONLY | O_CLOEXEC);
    if (device->fd < 0) fail("/dev/uinput does not open");
    set(device->fd, UI_SET_EVBIT, EV_KEY);
    if (device->kind == MOUSE) describe_mouse(device->fd);
    else if (device->kind != KEYS) describe_touch(device->fd, device->kind, range);
    else
        for (int key = 1; key < BTN_MISC; key++) set(device->fd, UI_SET_KEYBIT, key);
    if (ioctl(device->fd, UI_DEV_SETUP, &setup) || ioctl(device->fd, UI_DEV_CREATE)) fail("uinput does not make %s", name);
    find_node(device);
}

static void emit(struct device *device, int type, int code, int value)
{
    struct input_event event = { .type = type, .code = code, .value = value };
    if (write(device->fd, &event, sizeof event) != sizeof event) fail("uinput takes no event");
}

static void end_frame(struct device *device)
{
    sent = now();
    emit(device, EV_SYN, SYN_REPORT, 0);
}

static int fingers_down(const struct device *device)
{
    int count = 0;
    for (int i = 0; i < FINGERS; i++) count += device->fingers[i].down;
    return count;
}

static void emit_slot(struct device *device, int number, int was_down)
{
    const struct finger *finger = &device->fingers[number];
    emit(device, EV_ABS, ABS_MT_SLOT, number);
    if (finger->down != was_down) emit(device, EV_ABS, ABS_MT_TRACKING_ID, finger->down ? contact++ & 65535 : -1);
    if (!finger->down) return;
    emit(device, EV_ABS, ABS_MT_POSITION_X, finger->x);
    emit(device, EV_ABS, ABS_MT_POSITION_Y, finger->y);
}

// Protocol A tells every contact each time, and an empty packet when the last one has gone.
static void emit_packets(struct device *device)
{
    for (int i = 0; i < FINGERS; i++) {
        if (!device->fingers[i].down) continue;
        emit(device, EV_ABS, ABS_MT_POSITION_X, device->fingers[i].x);
        emit(device, EV_ABS, ABS_MT_POSITION_Y, device->fingers[i].y);
        emit(device, EV_SYN, SYN_MT_REPORT, 0);
    }
    if (fingers_down(device) == 0) emit(device, EV_SYN, SYN_MT_REPORT, 0);
}

static void put_finger(struct device *device, int number, struct finger finger)
{
    if (device->kind > SINGLE || number < 0 || number >= FINGERS) fail("%s has no finger %d", device->name, number);
    int was_down = device->fingers[number].down, before = fingers_down(device);
    device->fingers[number] = finger;
    if (device->kind == SLOTS) emit_slot(device, number, was_down);
    if (device->kind == PACKETS) emit_packets(device);
    if ((before == 0) != (fingers_down(device) == 0)) emit(device, EV_KEY, BTN_TOUCH, finger.down);
    if (device->kind != PACKETS && finger.down) {
        emit(device, EV_ABS, ABS_X, finger.x);
        emit(device, EV_ABS, ABS_Y, finger.y);
    }
    end_frame(device);
}

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
static void wait_opened(struct device *device, const char *program)
{
    struct timespec start = now();
    while (!each_process(program, has_open, device->node)) {
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

static void watch(int left, int top, int right, int bottom)
{
    if (!screen.pixels) open_screen();
    screen.left = left;
    screen.top = top;
    screen.width = right - left;
    screen.height = bottom - top;
    screen.before = realloc(screen.before, 4 * (size_t)screen.width * screen.height);
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

static void wait_changed(void)
{
    while (!differs()) {
        if (ms_between(sent, now()) > PATIENCE_S * 1e3) fail("the screen does not change");
        sleep_ns(LOOK_NS);
    }
    printf("changed %.2f\n", ms_between(sent, now()));
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
    else if (strcmp(verb, "by") == 0 && count == 2) {
        emit(device, EV_REL, REL_X, number[0]);
        emit(device, EV_REL, REL_Y, number[1]);
        end_frame(device);
    } else if ((strcmp(verb, "press") == 0 || strcmp(verb, "release") == 0) && count == 1) {
        emit(device, EV_KEY, number[0], verb[0] == 'p');
        end_frame(device);
    } else fail("%s is no command, or wants other words", verb);
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
    else if (strcmp(verb, "cpu") == 0 && words == 2) {
        unsigned long long ns = 0;
        each_process(first, add_cpu, &ns);
        printf("cpu %.3f\n", ns / 1e6);
    } else if (strcmp(verb, "say") == 0) printf("%s\n", first);
    else {
        int count = sscanf(line, "%*s %*s %d %d %d", &number[0], &number[1], &number[2]);
        play_pointer(verb, first, count, number);
    }
}

int main(void)
{
    char line[256];
    setvbuf(stdout, NULL, _IOLBF, 0);
    while (fgets(line, sizeof line, stdin)) {
        line_number++;
        play(line);
    }
    return 0;
}
