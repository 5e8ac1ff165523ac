// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whose a page of physical memory is, asked of the kernel that uses it (/proc/kpageflags, kpagecount, PID/pagemap and PID/smaps;
// admin-guide/mm/pagemap.rst). Runs as root.
//
// page-owner ADDRESS...: a line for each, in hexadecimal as it was given; "free", "slab", "file", "anonymous" or "other"; then, for each
// mapping of it after a bar, the program, "locked" or "unlocked", and the mapping's name.
// page-owner -p PROGRAM: the frames of all that the processes of this program have for themselves, as ranges FIRST-LAST in hexadecimal.

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/kernel-page-flags.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST = 512, PAGE = 4096, AT_ONCE = 4096, NAME = 200 };

static uint64_t frames[MOST];
static char owners[MOST][1000];
static int count;
static const char *wanted;
static uint64_t first, last;

struct mapping { uint64_t start, end; int readable, locked; char name[NAME]; };

static uint64_t word_at(const char *path, uint64_t frame)
{
    uint64_t word = 0;
    int file = open(path, O_RDONLY);
    if (file >= 0) {
        if (pread(file, &word, sizeof word, (off_t)(frame * sizeof word)) != sizeof word) word = 0;
        close(file);
    }
    return word;
}

static const char *kind(uint64_t frame)
{
    uint64_t flags = word_at("/proc/kpageflags", frame);
    if (flags >> KPF_BUDDY & 1 || flags >> KPF_NOPAGE & 1) return "free";
    if (flags >> KPF_SLAB & 1) return "slab";
    if (flags >> KPF_ANON & 1) return "anonymous";
    if (flags >> KPF_LRU & 1 || flags >> KPF_MMAP & 1 || word_at("/proc/kpagecount", frame)) return "file";
    // The kernel's own, or free and kept at hand by a processor: it does not tell the two apart.
    return "other";
}

static void note(uint64_t frame, const char *program, const struct mapping *where)
{
    for (int i = 0; i < count; i++) {
        size_t length = strlen(owners[i]);
        if (frames[i] == frame)
            snprintf(owners[i] + length, sizeof owners[i] - length, " | %s %s %s", program, where->locked ? "locked" : "unlocked",
                     where->name);
    }
}

static void list(uint64_t frame)
{
    if (last && frame == last + 1) {
        last = frame;
        return;
    }
    if (last) printf("%" PRIx64 "-%" PRIx64 "\n", first, last);
    first = last = frame;
}

static void look_through(int pagemap, const char *program, const struct mapping *where)
{
    static uint64_t entries[AT_ONCE];
    for (uint64_t page = where->start / PAGE; page < where->end / PAGE; page += AT_ONCE) {
        uint64_t left = where->end / PAGE - page;
        size_t size = (left < AT_ONCE ? left : AT_ONCE) * sizeof *entries;
        ssize_t got = pread(pagemap, entries, size, (off_t)(page * sizeof *entries));
        for (ssize_t i = 0; i < got / (ssize_t)sizeof *entries; i++) {
            uint64_t frame = entries[i] & ((UINT64_C(1) << 55) - 1);
            int present = entries[i] >> 63, shared = entries[i] >> 61 & 1;
            if (present && !wanted) note(frame, program, where);
            if (present && wanted && !shared) list(frame);
        }
    }
}

static void look_into(const char *pid)
{
    char path[300], program[300] = "", line[600];
    struct mapping at = { 0 };
    snprintf(path, sizeof path, "/proc/%.20s/exe", pid);
    ssize_t length = readlink(path, program, sizeof program - 1);
    program[length > 0 ? length : 0] = 0;
    // Behind the name of a program that was removed stands " (deleted)".
    program[strcspn(program, " ")] = 0;
    const char *name = strrchr(program, '/') ? strrchr(program, '/') + 1 : program;
    if (wanted && strcmp(name, wanted)) return;

    snprintf(path, sizeof path, "/proc/%.20s/smaps", pid);
    FILE *maps = fopen(path, "r");
    snprintf(path, sizeof path, "/proc/%.20s/pagemap", pid);
    int pagemap = open(path, O_RDONLY);
    while (maps && pagemap >= 0 && fgets(line, sizeof line, maps)) {
        char access[5], region[NAME] = "memory";
        uint64_t start, end;
        if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %4s %*s %*s %*s %199[^\n]", &start, &end, access, region) >= 3) {
            at = (struct mapping){ start, end, access[0] == 'r', 0, "" };
            snprintf(at.name, sizeof at.name, "%s", region);
        } else if (!strncmp(line, "VmFlags:", 8) && at.readable) {
            at.locked = strstr(line, " lo") != NULL;
            look_through(pagemap, name, &at);
        }
    }
    if (maps) fclose(maps);
    if (pagemap >= 0) close(pagemap);
}

int main(int argc, char **argv)
{
    if (argc == 3 && !strcmp(argv[1], "-p")) wanted = argv[2];
    for (int i = 1; !wanted && i < argc && count < MOST; i++) frames[count++] = strtoull(argv[i], NULL, 16) / PAGE;
    DIR *processes = opendir("/proc");
    for (struct dirent *entry; processes && (entry = readdir(processes));)
        if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9') look_into(entry->d_name);
    if (last) printf("%" PRIx64 "-%" PRIx64 "\n", first, last);
    for (int i = 0; i < count; i++) printf("%s %s%s\n", argv[i + 1], kind(frames[i]), owners[i]);
    return 0;
}
