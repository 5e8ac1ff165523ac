// SPDX-License-Identifier: GPL-3.0-or-later
//
// Input devices through uinput (Linux documentation, input/uinput and input/multi-touch-protocol).

#include "player.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/uinput.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { DEVICES = 8 };

struct timespec sent;

static struct device devices[DEVICES];
static int device_count, contact;

struct device *find_device(const char *name)
{
    for (int i = 0; i < device_count; i++)
        if (strcmp(devices[i].name, name) == 0) return &devices[i];
    fail("there is no device %s", name);
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
}

void make_device(const char *name, const char *kind, const int range[4])
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

void put_finger(struct device *device, int number, struct finger finger)
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

void move_by(struct device *device, int dx, int dy)
{
    emit(device, EV_REL, REL_X, dx);
    emit(device, EV_REL, REL_Y, dy);
    end_frame(device);
}

void put_key(struct device *device, int code, int down)
{
    emit(device, EV_KEY, code, down);
    end_frame(device);
}
