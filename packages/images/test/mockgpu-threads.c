/*
 * Two threads ask about two GPUs while the state file is replaced under them.
 * An answer about the wrong GPU, or an answer that mixes two, ends with 1.
 * Compiled together with the library, so that a thread sanitizer sees into it.
 */
#include "../mockgpu/nvml/nvml.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS 2000

static atomic_int wrong, running = 2;

static void *ask(void *argument)
{
    unsigned int index = *(unsigned int *)argument;
    char name[96], uuid[96];

    for (int i = 0; i < ROUNDS; i++) {
        nvmlDevice_t device;
        nvmlProcessInfo_t processes[8];
        unsigned int n = 8;
        char expected[96];

        if (nvmlInit_v2() || nvmlDeviceGetHandleByIndex_v2(index, &device) ||
            nvmlDeviceGetName(device, name, sizeof name) ||
            nvmlDeviceGetUUID(device, uuid, sizeof uuid) ||
            nvmlDeviceGetComputeRunningProcesses_v3(device, &n, processes) || nvmlShutdown())
            wrong++;
        snprintf(expected, sizeof expected, "name of %u", index);
        wrong += strcmp(name, expected) != 0;
        snprintf(expected, sizeof expected, "GPU-%u", index);
        wrong += strcmp(uuid, expected) != 0;
        wrong += n != 1 || processes[0].pid != 100 + index;
    }
    running--;
    return NULL;
}

/* The same facts in another place of the file each time. */
static void replace_state(const char *path, int padding)
{
    char temporary[4096];

    snprintf(temporary, sizeof temporary, "%s.new", path);
    FILE *file = fopen(temporary, "w");
    for (int i = 0; i < padding; i++)
        fprintf(file, "padding.%d=x\n", i);
    fputs("sys.gpus=2\n", file);
    for (int i = 0; i < 2; i++)
        fprintf(file, "gpu.%d.name=name of %d\ngpu.%d.uuid=GPU-%d\ngpu.%d.procs=%d:1:1\n", i, i, i, i,
                i, 100 + i);
    fclose(file);
    rename(temporary, path);
}

int main(void)
{
    const char *path = getenv("MOCKGPU_STATE");
    pthread_t threads[2];
    unsigned int numbers[2] = {0, 1};

    replace_state(path, 0);
    for (int i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, ask, &numbers[i]);
    for (int padding = 0; running > 0; padding = (padding + 7) % 100)
        replace_state(path, padding);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    unsigned int count;
    wrong += nvmlDeviceGetCount_v2(&count) != NVML_ERROR_UNINITIALIZED; /* every init was matched */
    printf("%d wrong answers\n", wrong);
    return wrong ? 1 : 0;
}
