// SPDX-License-Identifier: GPL-3.0-or-later
//
// Stands in for libstdc++ where libSkiaSharp is linked with it: 2.2 MB, of which Skia uses what is here (Itanium C++ ABI, 2.9, 3.2, 3.3).
// Its containers and strings are its own. Nothing that the agent has it do throws: exceptions end the process, and the keyscript asks for the
// passphrase as text. Names and versions are libstdc++'s (skia.map); a test holds both to what libSkiaSharp asks for.

#define _GNU_SOURCE
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static _Noreturn void end(const char *reason)
{
    // Not stdout: that is where the key goes. A message that cannot be written is one less.
    if (write(STDERR_FILENO, reason, strlen(reason)) < 0) { }
    abort();
}

// operator new and delete, for one and for arrays, with and without a size.

static void *allocate(size_t size)
{
    void *memory = malloc(size > 0 ? size : 1);
    return memory != NULL ? memory : (end("libskiacxx: no memory is left\n"), NULL);
}

void *_Znwm(size_t size) { return allocate(size); }
void *_Znam(size_t size) { return allocate(size); }
void *_ZnwmRKSt9nothrow_t(size_t size, const void *nothrow) { (void)nothrow; return malloc(size > 0 ? size : 1); }
void _ZdlPv(void *memory) { free(memory); }
void _ZdaPv(void *memory) { free(memory); }
void _ZdlPvm(void *memory, size_t size) { (void)size; free(memory); }
void _ZdaPvm(void *memory, size_t size) { (void)size; free(memory); }
const char _ZSt7nothrow = 0;

// A static variable of a function is made by the first thread that comes; others wait. The first byte of its guard is read by
// compiled code and says that it is made; the rest of its 8 bytes is ours.

struct guard { uint8_t made; pid_t maker; };
_Static_assert(sizeof(struct guard) == 8, "what the compiler sets aside");

static pthread_mutex_t guards = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

int __cxa_guard_acquire(struct guard *guard)
{
    pid_t self = gettid();
    pthread_mutex_lock(&guards);
    // Better the passphrase as text than a thread that waits for itself.
    if (guard->maker == self)
        end("libskiacxx: a static variable needs itself\n");
    while (guard->maker != 0)
        pthread_cond_wait(&changed, &guards);
    int mine = !guard->made;
    guard->maker = mine ? self : 0;
    pthread_mutex_unlock(&guards);
    return mine;
}

static void settle(struct guard *guard, uint8_t made)
{
    pthread_mutex_lock(&guards);
    guard->maker = 0;
    __atomic_store_n(&guard->made, made, __ATOMIC_RELEASE);
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&guards);
}

void __cxa_guard_release(struct guard *guard) { settle(guard, 1); }
void __cxa_guard_abort(struct guard *guard) { settle(guard, 0); }

// Exceptions, and what only they and their handlers call.

int _ZSt19uncaught_exceptionsv(void) { return 0; }

#define ENDS(name) _Noreturn void name(void) { end("libskiacxx: " #name " was called\n"); }
ENDS(__cxa_allocate_exception)
ENDS(__cxa_begin_catch)
ENDS(__cxa_end_catch)
ENDS(__cxa_free_exception)
ENDS(__cxa_pure_virtual)
ENDS(__cxa_rethrow)
ENDS(__cxa_throw)
ENDS(__gxx_personality_v0)
ENDS(_ZNKSt13runtime_error4whatEv)
ENDS(_ZNSt12length_errorD1Ev)
ENDS(_ZNSt12out_of_rangeD1Ev)
ENDS(_ZNSt13runtime_errorD1Ev)
ENDS(_ZNSt13runtime_errorD2Ev)
ENDS(_ZNSt14overflow_errorD1Ev)
ENDS(_ZNSt20bad_array_new_lengthD1Ev)
ENDS(_ZNSt8bad_castD1Ev)
ENDS(_ZNSt9exceptionD2Ev)
ENDS(_ZSt17__throw_bad_allocv)
ENDS(_ZSt9terminatev)

// Virtual tables and type information of exceptions and of classes: addresses that are stored, for a dynamic_cast or a handler that never
// comes. No function is behind them: a call through one ends the process too. As many pointers as libstdc++'s have.
#define EMPTY(name, pointers) const void *const name[pointers] = { NULL };
EMPTY(_ZTISt12length_error, 3)
EMPTY(_ZTISt12out_of_range, 3)
EMPTY(_ZTISt13runtime_error, 3)
EMPTY(_ZTISt14overflow_error, 3)
EMPTY(_ZTISt20bad_array_new_length, 3)
EMPTY(_ZTISt8bad_cast, 3)
EMPTY(_ZTVN10__cxxabiv117__class_type_infoE, 11)
EMPTY(_ZTVN10__cxxabiv120__si_class_type_infoE, 11)
EMPTY(_ZTVN10__cxxabiv121__vmi_class_type_infoE, 11)
EMPTY(_ZTVSt11logic_error, 5)
EMPTY(_ZTVSt12length_error, 5)
EMPTY(_ZTVSt12out_of_range, 5)
EMPTY(_ZTVSt13runtime_error, 5)
EMPTY(_ZTVSt14overflow_error, 5)
EMPTY(_ZTVSt20bad_array_new_length, 5)
EMPTY(_ZTVSt8bad_cast, 5)
