// SPDX-License-Identifier: GPL-3.0-or-later
//
// Stands in for libstdc++ under libSkiaSharp, which needs these names of it and no others: memory, the guards of static variables, and
// what ends a program that throws. Debian's is 0.7 MB of a compressed image and a fifth of the agent's start. libskiacxx.so is the
// agent's alone, by a name of its own (use-skiacxx): no other program takes it for libstdc++.

#define _GNU_SOURCE
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static _Noreturn void die(const char *sentence)
{
    ssize_t written = write(STDERR_FILENO, sentence, strlen(sentence));
    (void)written;
    abort();
}

#define DIE(what) die("unlock-agent: libSkiaSharp called " what ", which is the end.\n")

// C++'s operators new and delete, plain and of arrays: no memory of 0 bytes is null, and without memory nothing goes on.
void *_ZnwmRKSt9nothrow_t(size_t size, const void *nothrow)
{
    (void)nothrow;
    return malloc(size > 0 ? size : 1);
}

void *_Znwm(size_t size)
{
    void *memory = _ZnwmRKSt9nothrow_t(size, NULL);
    if (memory == NULL)
    {
        DIE("operator new, for which there is no memory");
    }

    return memory;
}

void *_Znam(size_t size) { return _Znwm(size); }
void _ZdlPv(void *memory) { free(memory); }
void _ZdaPv(void *memory) { free(memory); }
void _ZdlPvm(void *memory, size_t size) { (void)size; free(memory); }
void _ZdaPvm(void *memory, size_t size) { (void)size; free(memory); }
const char _ZSt7nothrow = 0;

// Itanium C++ ABI, 3.3.3: 8 bytes for each static variable, of which compiled code reads the first, and the rest is ours. One thread
// initialises while others wait for that variable alone, so that one initialisation may need another. Both machines are little-endian.
struct guard
{
    uint8_t done;
    pid_t owner;
};
_Static_assert(sizeof(struct guard) == 8, "what a compiler sets aside");

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

int __cxa_guard_acquire(struct guard *guard)
{
    if (__atomic_load_n(&guard->done, __ATOMIC_ACQUIRE))
    {
        return 0;
    }

    pid_t self = gettid();
    pthread_mutex_lock(&lock);
    if (guard->owner == self)
    {
        DIE("__cxa_guard_acquire for a variable that needs itself");
    }

    while (guard->owner != 0)
    {
        pthread_cond_wait(&changed, &lock);
    }

    int wanted = !guard->done;
    guard->owner = wanted ? self : 0;
    pthread_mutex_unlock(&lock);
    return wanted;
}

static void leave(struct guard *guard, uint8_t done)
{
    pthread_mutex_lock(&lock);
    guard->owner = 0;
    __atomic_store_n(&guard->done, done, __ATOMIC_RELEASE);
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

void __cxa_guard_release(struct guard *guard) { leave(guard, 1); }
void __cxa_guard_abort(struct guard *guard) { leave(guard, 0); }

// Nobody throws, see below.
int _ZSt19uncaught_exceptionsv(void) { return 0; }

// An exception ends the program before there is one. It did so before: libSkiaSharp's unwind tables are stripped off (build.sh).
#define DIES(name) _Noreturn void name(void) { DIE(#name); }
DIES(__cxa_allocate_exception)
DIES(__cxa_begin_catch)
DIES(__cxa_end_catch)
DIES(__cxa_free_exception)
DIES(__cxa_pure_virtual)
DIES(__cxa_rethrow)
DIES(__cxa_throw)
DIES(__gxx_personality_v0)
DIES(_ZSt17__throw_bad_allocv)
DIES(_ZSt9terminatev)
DIES(_ZNKSt13runtime_error4whatEv)
DIES(_ZNSt12length_errorD1Ev)
DIES(_ZNSt12out_of_rangeD1Ev)
DIES(_ZNSt13runtime_errorD1Ev)
DIES(_ZNSt13runtime_errorD2Ev)
DIES(_ZNSt14overflow_errorD1Ev)
DIES(_ZNSt20bad_array_new_lengthD1Ev)
DIES(_ZNSt8bad_castD1Ev)
DIES(_ZNSt9exceptionD2Ev)

// Types and tables of exceptions, and of the descriptions of types: libSkiaSharp's own point to them, and only throwing, catching and
// dynamic_cast (which it has none of) look inside. Zeros of the real size.
#define TYPE(name) void *const name[3] = {0};
TYPE(_ZTISt12length_error)
TYPE(_ZTISt12out_of_range)
TYPE(_ZTISt13runtime_error)
TYPE(_ZTISt14overflow_error)
TYPE(_ZTISt20bad_array_new_length)
TYPE(_ZTISt8bad_cast)
#define EXCEPTION_TABLE(name) void *const name[5] = {0};
EXCEPTION_TABLE(_ZTVSt11logic_error)
EXCEPTION_TABLE(_ZTVSt12length_error)
EXCEPTION_TABLE(_ZTVSt12out_of_range)
EXCEPTION_TABLE(_ZTVSt13runtime_error)
EXCEPTION_TABLE(_ZTVSt14overflow_error)
EXCEPTION_TABLE(_ZTVSt20bad_array_new_length)
EXCEPTION_TABLE(_ZTVSt8bad_cast)
#define DESCRIPTION_TABLE(name) void *const name[11] = {0};
DESCRIPTION_TABLE(_ZTVN10__cxxabiv117__class_type_infoE)
DESCRIPTION_TABLE(_ZTVN10__cxxabiv120__si_class_type_infoE)
DESCRIPTION_TABLE(_ZTVN10__cxxabiv121__vmi_class_type_infoE)
