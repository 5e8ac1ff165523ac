// SPDX-License-Identifier: GPL-3.0-or-later
// Lends a program on any host the hardware of a phone: a frame buffer device, an absolute touchscreen and a console, under a folder that
// UNLOCK_PHONE_ROOT names. Preloaded, it leads the paths of that hardware there, answers the ioctls that plain files cannot, and breaks
// what its control page (a file, shared with the test) tells it to. All else is the host's own.

#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/fb.h>
#include <linux/input.h>
#include <linux/kd.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))
// The function behind this one, found when it is first wanted: constructors of other libraries come before ours.
#define REAL(name) (found_##name != NULL ? found_##name : (*(void **)&found_##name = dlsym(RTLD_NEXT, #name), found_##name))
#define DECLARE(type, name, ...) static type (*found_##name)(__VA_ARGS__)

// Shared with HostPhone's Control, field by field; 4 bytes each but for the last.
struct control {
    int32_t width, height;
    int32_t screen_write_errno, screen_ask_errno;
    int32_t input_read_errno, input_ask_errno;
    int32_t lock_errno;
    int32_t maps_left;
    int32_t is_down, x, y;
    int32_t console_mode, keyboard_mode;
    int32_t grabs;
    int32_t frames;
    int32_t spare;
    int64_t real_time_offset;
};

enum kind { OTHER, SCREEN, INPUT, CONSOLE };

#define MOST_DESCRIPTORS 4096
static unsigned char kinds[MOST_DESCRIPTORS];
static volatile struct control *control;
static char root[PATH_MAX];
static size_t root_length;

DECLARE(int, open, const char *, int, ...);
DECLARE(int, open64, const char *, int, ...);
DECLARE(int, close, int);
DECLARE(DIR *, opendir, const char *);
DECLARE(ssize_t, read, int, void *, size_t);
DECLARE(ssize_t, pwrite64, int, const void *, size_t, off64_t);
DECLARE(int, ioctl, int, unsigned long, ...);
DECLARE(int, inotify_add_watch, int, const char *, uint32_t);
DECLARE(int, mkdir, const char *, mode_t);
DECLARE(int, rename, const char *, const char *);
DECLARE(int, unlink, const char *);
DECLARE(ssize_t, readlink, const char *, char *, size_t);
DECLARE(char *, realpath, const char *, char *);
DECLARE(int, access, const char *, int);
DECLARE(int, stat64, const char *, struct stat64 *);
DECLARE(int, lstat64, const char *, struct stat64 *);
DECLARE(int, __xstat64, int, const char *, struct stat64 *);
DECLARE(int, __lxstat64, int, const char *, struct stat64 *);
DECLARE(int, mlock, const void *, size_t);
DECLARE(void *, mmap, void *, size_t, int, int, int, off_t);
DECLARE(int, clock_gettime, clockid_t, struct timespec *);

__attribute__((constructor)) static void begin(void) {
    const char *folder = getenv("UNLOCK_PHONE_ROOT");
    if (folder == NULL) {
        return;
    }

    // None is looked for by a thread of many later.
    (void)REAL(open), (void)REAL(open64), (void)REAL(close), (void)REAL(opendir), (void)REAL(read), (void)REAL(pwrite64);
    (void)REAL(ioctl), (void)REAL(inotify_add_watch), (void)REAL(mkdir), (void)REAL(rename), (void)REAL(unlink);
    (void)REAL(readlink), (void)REAL(realpath), (void)REAL(access), (void)REAL(stat64), (void)REAL(lstat64);
    (void)REAL(__xstat64), (void)REAL(__lxstat64), (void)REAL(mlock), (void)REAL(mmap), (void)REAL(clock_gettime);
    char name[PATH_MAX];
    snprintf(name, sizeof name, "%s/control", folder);
    int file = REAL(open)(name, O_RDWR | O_CLOEXEC);
    void *page = file < 0 ? MAP_FAILED : REAL(mmap)(NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (file >= 0) {
        REAL(close)(file);
    }
    if (page == MAP_FAILED) {
        fprintf(stderr, "phone: no control page at %s\n", name);
        abort();
    }
    control = page;
    root_length = (size_t)snprintf(root, sizeof root, "%s", folder);
}

static int is_under(const char *path, const char *folder) {
    size_t length = strlen(folder);
    return strncmp(path, folder, length) == 0 && (path[length] == '\0' || path[length] == '/');
}

// Where a path really is; the host's own where it is none of the phone's.
static const char *led(const char *path, char *place) {
    static const char *const folders[] = {
        "/dev/input", "/dev/dri", "/dev/kmsg", "/sys", "/run/unlock-agent", "/etc/unlock-agent.conf", "/etc/locale.conf",
        "/etc/default/locale", "/proc/cmdline", "/dev/fb0", "/dev/tty0",
    };
    if (control == NULL || path == NULL || root_length + strlen(path) >= PATH_MAX) {
        return path;
    }
    // Looked through and watched there, though most of what is opened in it is the host's.
    if (strcmp(path, "/dev") == 0) {
        memcpy(place, root, root_length);
        return strcpy(place + root_length, path) - root_length;
    }
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        if (is_under(path, folders[i])) {
            memcpy(place, root, root_length);
            strcpy(place + root_length, path);
            return place;
        }
    }
    return path;
}

static enum kind kind_of(int fd) {
    return fd >= 0 && fd < MOST_DESCRIPTORS ? (enum kind)kinds[fd] : OTHER;
}

static int opened(int fd, const char *path) {
    if (fd >= 0 && fd < MOST_DESCRIPTORS) {
        kinds[fd] = strcmp(path, "/dev/fb0") == 0 ? SCREEN : strncmp(path, "/dev/input/event", 16) == 0 ? INPUT
            : strcmp(path, "/dev/tty0") == 0 ? CONSOLE : OTHER;
    }
    return fd;
}

static int fail(int code) {
    errno = code;
    return -1;
}

#define OPEN(name) \
    EXPORT int name(const char *path, int flags, ...) { \
        char place[PATH_MAX]; \
        va_list rest; \
        va_start(rest, flags); \
        mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0; \
        va_end(rest); \
        /* Each agent of a boot adds to the same log. */ \
        int more = control != NULL && strcmp(path, "/dev/kmsg") == 0 ? O_APPEND : 0; \
        return opened(REAL(name)(led(path, place), flags | more, mode), path); \
    }

OPEN(open)
OPEN(open64)

EXPORT int close(int fd) {
    if (fd >= 0 && fd < MOST_DESCRIPTORS) {
        kinds[fd] = OTHER;
    }
    return REAL(close)(fd);
}

EXPORT DIR *opendir(const char *path) {
    char place[PATH_MAX];
    return REAL(opendir)(led(path, place));
}

EXPORT int inotify_add_watch(int fd, const char *path, uint32_t mask) {
    char place[PATH_MAX];
    return REAL(inotify_add_watch)(fd, led(path, place), mask);
}

EXPORT int mkdir(const char *path, mode_t mode) {
    char place[PATH_MAX];
    return REAL(mkdir)(led(path, place), mode);
}

EXPORT int rename(const char *from, const char *to) {
    char place[PATH_MAX], other[PATH_MAX];
    return REAL(rename)(led(from, place), led(to, other));
}

EXPORT int unlink(const char *path) {
    char place[PATH_MAX];
    return REAL(unlink)(led(path, place));
}

EXPORT ssize_t readlink(const char *path, char *target, size_t size) {
    char place[PATH_MAX];
    return REAL(readlink)(led(path, place), target, size);
}

EXPORT char *realpath(const char *path, char *resolved) {
    char place[PATH_MAX];
    return REAL(realpath)(led(path, place), resolved);
}

EXPORT int access(const char *path, int mode) {
    char place[PATH_MAX];
    return REAL(access)(led(path, place), mode);
}

EXPORT int stat64(const char *path, struct stat64 *answer) {
    char place[PATH_MAX];
    return REAL(stat64)(led(path, place), answer);
}

EXPORT int lstat64(const char *path, struct stat64 *answer) {
    char place[PATH_MAX];
    return REAL(lstat64)(led(path, place), answer);
}

// What stat(2) was called by programs that were linked to an older libc.
EXPORT int __xstat64(int version, const char *path, struct stat64 *answer) {
    char place[PATH_MAX];
    return REAL(__xstat64)(version, led(path, place), answer);
}

EXPORT int __lxstat64(int version, const char *path, struct stat64 *answer) {
    char place[PATH_MAX];
    return REAL(__lxstat64)(version, led(path, place), answer);
}

EXPORT ssize_t read(int fd, void *buffer, size_t size) {
    if (kind_of(fd) == INPUT && control->input_read_errno != 0) {
        return fail(control->input_read_errno);
    }
    return REAL(read)(fd, buffer, size);
}

EXPORT ssize_t pwrite64(int fd, const void *buffer, size_t size, off64_t offset) {
    if (kind_of(fd) == SCREEN) {
        if (control->screen_write_errno != 0) {
            return fail(control->screen_write_errno);
        }
        control->frames++;
    }
    return REAL(pwrite64)(fd, buffer, size, offset);
}

static int ask_screen(unsigned long request, void *argument) {
    uint32_t width = (uint32_t)control->width, height = (uint32_t)control->height;
    if (control->screen_ask_errno != 0) {
        return fail(control->screen_ask_errno);
    }
    switch (request) {
        case FBIOGET_VSCREENINFO: {
            struct fb_var_screeninfo *answer = argument;
            memset(answer, 0, sizeof *answer);
            answer->xres = answer->xres_virtual = width;
            answer->yres = answer->yres_virtual = height;
            answer->bits_per_pixel = 32;
            answer->red = (struct fb_bitfield){.offset = 16, .length = 8};
            answer->green = (struct fb_bitfield){.offset = 8, .length = 8};
            answer->blue = (struct fb_bitfield){.length = 8};
            return 0;
        }
        case FBIOGET_FSCREENINFO: {
            struct fb_fix_screeninfo *answer = argument;
            memset(answer, 0, sizeof *answer);
            strcpy(answer->id, "hostphone");
            answer->smem_len = width * height * 4;
            answer->type = FB_TYPE_PACKED_PIXELS;
            answer->visual = FB_VISUAL_TRUECOLOR;
            answer->line_length = width * 4;
            return 0;
        }
        default:
            return fail(EINVAL);
    }
}

static int ask_axis(unsigned int axis, struct input_absinfo *answer) {
    memset(answer, 0, sizeof *answer);
    if (axis != ABS_X && axis != ABS_Y) {
        return fail(EINVAL);
    }
    answer->value = axis == ABS_X ? control->x : control->y;
    answer->maximum = (axis == ABS_X ? control->width : control->height) - 1;
    return 0;
}

static void set_bit(unsigned char *bits, size_t size, unsigned int bit) {
    if (bit / 8 < size) {
        bits[bit / 8] |= (unsigned char)(1U << (bit % 8));
    }
}

// evdev's own answers are as long as the caller's buffer, at most.
static int ask_input(unsigned long request, void *argument) {
    unsigned int number = _IOC_NR(request);
    size_t size = _IOC_SIZE(request);
    if (control->input_ask_errno != 0) {
        return fail(control->input_ask_errno);
    }
    if (request == EVIOCGRAB) {
        control->grabs++;
        return 0;
    }
    if (_IOC_DIR(request) != _IOC_READ) {
        return fail(EINVAL);
    }
    if (number >= 0x40 && number < 0x40 + ABS_CNT) {
        return ask_axis(number - 0x40, argument);
    }
    memset(argument, 0, size);
    switch (number) {
        case 0x06:
            snprintf(argument, size, "host phone's touchscreen");
            return 0;
        case 0x09:
            set_bit(argument, size, INPUT_PROP_DIRECT);
            return 0;
        case 0x18:
            if (control->is_down) {
                set_bit(argument, size, BTN_TOUCH);
            }
            return 0;
        case 0x20 + EV_KEY:
            set_bit(argument, size, BTN_TOUCH);
            return 0;
        case 0x20 + EV_ABS:
            set_bit(argument, size, ABS_X);
            set_bit(argument, size, ABS_Y);
            return 0;
        default:
            return number >= 0x20 && number < 0x40 ? 0 : fail(EINVAL);
    }
}

static int ask_console(unsigned long request, void *argument) {
    switch (request) {
        case KDGKBMODE:
            *(int *)argument = control->keyboard_mode;
            return 0;
        case KDSKBMODE:
            control->keyboard_mode = (int32_t)(intptr_t)argument;
            return 0;
        case KDSETMODE:
            control->console_mode = (int32_t)(intptr_t)argument;
            return 0;
        default:
            return fail(EINVAL);
    }
}

EXPORT int ioctl(int fd, unsigned long request, ...) {
    va_list rest;
    va_start(rest, request);
    void *argument = va_arg(rest, void *);
    va_end(rest);
    switch (kind_of(fd)) {
        case SCREEN:
            return ask_screen(request, argument);
        case INPUT:
            return ask_input(request, argument);
        case CONSOLE:
            return ask_console(request, argument);
        default:
            return REAL(ioctl)(fd, request, argument);
    }
}

EXPORT int mlock(const void *start, size_t length) {
    return control != NULL && control->lock_errno != 0 ? fail(control->lock_errno) : REAL(mlock)(start, length);
}

// A process that gets no more pages: the count of mappings that are still given, where one is set.
static void *map(void *start, size_t length, int protection, int flags, int fd, off64_t offset) {
    if (control != NULL && control->maps_left != 0 && --control->maps_left <= 0) {
        control->maps_left = 1;
        errno = ENOMEM;
        return MAP_FAILED;
    }
    return REAL(mmap)(start, length, protection, flags, fd, offset);
}

EXPORT void *mmap(void *start, size_t length, int protection, int flags, int fd, off_t offset) {
    return map(start, length, protection, flags, fd, offset);
}

EXPORT void *mmap64(void *start, size_t length, int protection, int flags, int fd, off64_t offset) {
    return map(start, length, protection, flags, fd, offset);
}

EXPORT int clock_gettime(clockid_t clock, struct timespec *answer) {
    int result = REAL(clock_gettime)(clock, answer);
    if (result == 0 && control != NULL && clock == CLOCK_REALTIME) {
        answer->tv_sec += control->real_time_offset;
    }
    return result;
}

EXPORT time_t time(time_t *answer) {
    struct timespec now = {0};
    clock_gettime(CLOCK_REALTIME, &now);
    if (answer != NULL) {
        *answer = now.tv_sec;
    }
    return now.tv_sec;
}

EXPORT int gettimeofday(struct timeval *restrict answer, void *restrict zone) {
    struct timespec now = {0};
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &now);
    answer->tv_sec = now.tv_sec;
    answer->tv_usec = now.tv_nsec / 1000;
    return 0;
}
