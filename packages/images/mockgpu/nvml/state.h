/*
 * The state file: one "key=value" a line, the single truth behind the library
 * and nvidia-smi. A line that comes first wins, so a fault is injected by
 * putting a line in front and healed by taking it away.
 */
#ifndef MOCKGPU_STATE_H
#define MOCKGPU_STATE_H

#include <stdbool.h>
#include <stddef.h>

#define STATE_DEFAULT_PATH "/run/mockgpu/state"
#define STATE_MAX_BYTES 65536
#define STATE_VALUE_BYTES 512

/*
 * A snapshot, meant to live on the stack of the call that reads it: no two
 * threads ever share one, so nothing here needs a lock.
 */
struct state {
    size_t length;
    char text[STATE_MAX_BYTES];
};

/* Never fails: a file that is missing or cannot be read is an empty state. */
void state_read(struct state *state);

/* Copies the value (cut to `size`) and tells whether the key is there. */
bool state_get(const struct state *state, const char *key, char *value, size_t size);
long state_number(const struct state *state, const char *key, long fallback, long low, long high);

/* The same for "gpu.<gpu>.<key>", or "gpu.all.<key>" where that is absent. */
bool gpu_get(const struct state *state, int gpu, const char *key, char *value, size_t size);
long gpu_number(const struct state *state, int gpu, const char *key, long fallback, long low,
                long high);

#endif
