// SPDX-License-Identifier: GPL-3.0-or-later
// A library to be called in place of libc, libpcsclite or libcryptsetup: it passes every call on, unless the test's own thread has said
// that calls of this name fail, or answers them itself.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <string.h>

typedef long word;
typedef word function(word, word, word, word, word, word, word, word);
typedef word answer(word, word, word);

static __thread const char *name;
static __thread word result;
static __thread int error, passed, failed;
static __thread answer *answers;

// From here on, on this thread: the calls of this name, but for the first few, return result with errno set. 0: none fails any more.
void fail_calls(const char *which, word returned, int with, int first)
{
    name = which;
    result = returned;
    error = with;
    passed = first;
    failed = 0;
}

int failed_calls(void)
{
    return failed;
}

// What ioctl(2) does on this thread; 0: what it always does.
void answer_ioctl(answer *with)
{
    answers = with;
}

static int is_failing(const char *which)
{
    if (!name || strcmp(name, which) != 0 || passed-- > 0)
        return 0;
    passed = 0;
    failed++;
    errno = error;
    return 1;
}

#define CALL(NAME) \
    word NAME(word a, word b, word c, word d, word e, word f, word g, word h) \
    { \
        static function *real; \
        if (is_failing(#NAME)) \
            return result; \
        if (!real) \
            *(void **)&real = LIBRARY ? dlsym(dlopen(LIBRARY, RTLD_NOW), #NAME) : dlsym(RTLD_NEXT, #NAME); \
        if (answers && strcmp(#NAME, "ioctl") == 0) \
            return answers(a, b, c); \
        return real(a, b, c, d, e, f, g, h); \
    }

CALLS
