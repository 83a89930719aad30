/* Processes on a GPU: its own, then those of its MIG devices. */
#include "smi.h"

#include <stdio.h>
#include <stdlib.h>

static unsigned int append(nvmlDevice_t device, nvmlProcessInfo_t *processes, unsigned int used)
{
    unsigned int room = MAX_LISTED - used;

    if (nvmlDeviceGetComputeRunningProcesses_v3(device, &room, processes + used) != NVML_SUCCESS)
        return used;
    return used + room;
}

unsigned int list_processes(nvmlDevice_t device, nvmlProcessInfo_t processes[MAX_LISTED])
{
    unsigned int used = append(device, processes, 0), most = 0;

    nvmlDeviceGetMaxMigDeviceCount(device, &most);
    for (unsigned int i = 0; i < most; i++) {
        nvmlDevice_t mig;
        if (nvmlDeviceGetMigDeviceHandleByIndex(device, i, &mig) == NVML_SUCCESS)
            used = append(mig, processes, used);
    }
    return used;
}

static int compare_pids(const void *a, const void *b)
{
    unsigned int x = ((const nvmlProcessInfo_t *)a)->pid, y = ((const nvmlProcessInfo_t *)b)->pid;

    return (x > y) - (x < y);
}

void sort_processes(nvmlProcessInfo_t *processes, unsigned int count)
{
    qsort(processes, count, sizeof *processes, compare_pids);
}

/* "[Not Found]" is what the real tool says of a process in another pid namespace. */
void process_name(unsigned int pid, char *name, size_t size)
{
    if (nvmlSystemGetProcessName(pid, name, (unsigned int)size) != NVML_SUCCESS)
        snprintf(name, size, "[Not Found]");
}
