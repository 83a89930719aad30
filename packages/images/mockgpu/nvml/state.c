#include "state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Reads up to the end of the file or of the room for it. */
static size_t read_all(int fd, char *into, size_t room)
{
    size_t length = 0;

    while (length < room) {
        ssize_t got = read(fd, into + length, room - length);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        length += (size_t)got;
    }
    return length;
}

void state_read(struct state *state)
{
    const char *path = getenv("MOCKGPU_STATE");

    state->length = 0;
    int fd = open(path && *path ? path : STATE_DEFAULT_PATH, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    state->length = read_all(fd, state->text, sizeof state->text);
    close(fd);

    /* A file too long for the room: half a line must not pass for a whole one. */
    if (state->length == sizeof state->text)
        while (state->length > 0 && state->text[state->length - 1] != '\n')
            state->length--;
}

bool state_get(const struct state *state, const char *key, char *value, size_t size)
{
    size_t key_length = strlen(key);
    const char *end = state->text + state->length;

    for (const char *line = state->text; line < end;) {
        const char *newline = memchr(line, '\n', (size_t)(end - line));
        const char *line_end = newline ? newline : end;
        size_t line_length = (size_t)(line_end - line);

        if (line_length > key_length && line[key_length] == '=' &&
            memcmp(line, key, key_length) == 0) {
            size_t length = line_length - key_length - 1;
            if (length >= size)
                length = size - 1;
            memcpy(value, line + key_length + 1, length);
            value[length] = '\0';
            return true;
        }
        line = newline ? newline + 1 : end;
    }
    return false;
}

/* A value that is no number counts as absent; one out of range is moved into it. */
static long to_number(const char *value, long fallback, long low, long high)
{
    char *end;
    long number = strtol(value, &end, 10); /* saturates, so no input overflows */

    if (end == value)
        return fallback;
    if (number < low)
        return low;
    return number > high ? high : number;
}

long state_number(const struct state *state, const char *key, long fallback, long low, long high)
{
    char value[STATE_VALUE_BYTES];

    if (!state_get(state, key, value, sizeof value))
        return fallback;
    return to_number(value, fallback, low, high);
}

bool gpu_get(const struct state *state, int gpu, const char *key, char *value, size_t size)
{
    char full[96];

    snprintf(full, sizeof full, "gpu.%d.%s", gpu, key);
    if (state_get(state, full, value, size))
        return true;
    snprintf(full, sizeof full, "gpu.all.%s", key);
    return state_get(state, full, value, size);
}

long gpu_number(const struct state *state, int gpu, const char *key, long fallback, long low,
                long high)
{
    char value[STATE_VALUE_BYTES];

    if (!gpu_get(state, gpu, key, value, sizeof value))
        return fallback;
    return to_number(value, fallback, low, high);
}
