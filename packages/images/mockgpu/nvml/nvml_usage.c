/*
 * Who uses a GPU and how much: gpu.<i>.procs=<pid>:<MiB>:<sm %>[,...]
 * From the same list come the memory and utilisation of the GPU as a whole,
 * unless mem_used_mb or util say otherwise.
 */
#include "call.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define MAX_PROCESSES 64

/* The room that nvmlDeviceGetProcessUtilization asks for, as an H100 and an H200 do (R580). */
#define UTILIZATION_SAMPLES 72

struct process {
    unsigned int pid;
    unsigned int mebibytes;
    unsigned int sm_percent;
};

static unsigned int read_processes(const struct call *call, struct process *processes)
{
    char list[STATE_VALUE_BYTES];
    char *rest = list;
    unsigned int n = 0;

    if (!call_get(call, "procs", list, sizeof list))
        return 0;
    for (const char *item; n < MAX_PROCESSES && (item = strsep(&rest, ","));) {
        struct process *p = &processes[n];
        if (sscanf(item, "%9u:%9u:%3u", &p->pid, &p->mebibytes, &p->sm_percent) == 3)
            n++;
    }
    return n;
}

/* The rule of all the list queries: `*count` is the room on entry, the need on return. */
static nvmlReturn_t check_room(unsigned int *count, const void *out, unsigned int needed)
{
    if (!count)
        return NVML_ERROR_INVALID_ARGUMENT;
    unsigned int room = out ? *count : 0;
    *count = needed;
    return room < needed ? NVML_ERROR_INSUFFICIENT_SIZE : NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetComputeRunningProcesses_v3(nvmlDevice_t device, unsigned int *count,
                                                     nvmlProcessInfo_t *infos)
{
    struct call call;
    struct process processes[MAX_PROCESSES];

    TRY(call_device(&call, device));
    unsigned int n = read_processes(&call, processes);
    TRY(check_room(count, infos, n));
    for (unsigned int i = 0; i < n; i++)
        infos[i] = (nvmlProcessInfo_t){
            .pid = processes[i].pid,
            .usedGpuMemory = (unsigned long long)processes[i].mebibytes << 20,
            .gpuInstanceId = call.mig < 0 ? NVML_NO_INSTANCE : (unsigned int)call.mig + 1,
            .computeInstanceId = call.mig < 0 ? NVML_NO_INSTANCE : 0,
        };
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetGraphicsRunningProcesses_v3(nvmlDevice_t device, unsigned int *count,
                                                      nvmlProcessInfo_t *infos)
{
    struct call call;

    TRY(call_device(&call, device));
    return check_room(count, infos, 0);
}

/*
 * Only processes that did something since `lastSeen` (microseconds) have a sample; where none
 * has, that is "Not Found".
 */
nvmlReturn_t nvmlDeviceGetProcessUtilization(nvmlDevice_t device,
                                             nvmlProcessUtilizationSample_t *samples,
                                             unsigned int *count, unsigned long long lastSeen)
{
    struct call call;
    struct process processes[MAX_PROCESSES];
    unsigned long long now = (unsigned long long)time(NULL) * 1000000;
    unsigned int busy = 0;

    TRY(call_device(&call, device));
    if (!count)
        return NVML_ERROR_INVALID_ARGUMENT;
    if (!samples || *count < UTILIZATION_SAMPLES) {
        *count = UTILIZATION_SAMPLES;
        return NVML_ERROR_INSUFFICIENT_SIZE;
    }
    unsigned int n = lastSeen < now ? read_processes(&call, processes) : 0;
    for (unsigned int i = 0; i < n; i++)
        if (processes[i].sm_percent > 0)
            samples[busy++] = (nvmlProcessUtilizationSample_t){
                .pid = processes[i].pid,
                .timeStamp = now,
                .smUtil = processes[i].sm_percent,
            };
    if (busy == 0)
        return NVML_ERROR_NOT_FOUND;
    *count = busy;
    return NVML_SUCCESS;
}

/* `used` is what processes have; what the driver keeps for itself is `reserved`. */
nvmlReturn_t nvmlDeviceGetMemoryInfo_v2(nvmlDevice_t device, nvmlMemory_v2_t *memory)
{
    struct call call;
    struct process processes[MAX_PROCESSES];
    nvmlDeviceAttributes_t instance;
    long total_mb = 40960, reserved_mb = 0, used_mb = 0;

    TRY(call_device(&call, device));
    if (!memory)
        return NVML_ERROR_INVALID_ARGUMENT;
    if (memory->version != NVML_MEMORY_V2)
        return NVML_ERROR_FUNCTION_NOT_FOUND;
    if (call.mig >= 0) {
        TRY(nvmlDeviceGetAttributes_v2(device, &instance));
        total_mb = (long)instance.memorySizeMB;
    }
    for (unsigned int n = read_processes(&call, processes); n > 0; n--)
        used_mb += processes[n - 1].mebibytes;
    total_mb = call_number(&call, "mem_mb", total_mb, 0, INT_MAX);
    reserved_mb = call_number(&call, "mem_reserved_mb", 0, 0, total_mb);
    used_mb = call_number(&call, "mem_used_mb", used_mb, 0, INT_MAX);
    if (used_mb > total_mb - reserved_mb)
        used_mb = total_mb - reserved_mb;
    memory->total = (unsigned long long)total_mb << 20;
    memory->reserved = (unsigned long long)reserved_mb << 20;
    memory->used = (unsigned long long)used_mb << 20;
    memory->free = memory->total - memory->reserved - memory->used;
    return NVML_SUCCESS;
}

/* The older call counts what is reserved as used. */
nvmlReturn_t nvmlDeviceGetMemoryInfo(nvmlDevice_t device, nvmlMemory_t *memory)
{
    nvmlMemory_v2_t apart = {.version = NVML_MEMORY_V2};

    TRY(nvmlDeviceGetMemoryInfo_v2(device, &apart));
    if (!memory)
        return NVML_ERROR_INVALID_ARGUMENT;
    *memory = (nvmlMemory_t){
        .total = apart.total, .free = apart.free, .used = apart.used + apart.reserved};
    return NVML_SUCCESS;
}

/* Not known per GPU while MIG is on, as on real cards. */
nvmlReturn_t nvmlDeviceGetUtilizationRates(nvmlDevice_t device, nvmlUtilization_t *rates)
{
    struct call call;
    struct process processes[MAX_PROCESSES];
    long busy = 0;

    TRY(call_device(&call, device));
    if (!rates)
        return NVML_ERROR_INVALID_ARGUMENT;
    if (mig_device_count(&call, call.gpu) > 0)
        return NVML_ERROR_NOT_SUPPORTED;
    for (unsigned int n = read_processes(&call, processes); n > 0; n--)
        busy += processes[n - 1].sm_percent;
    if (busy > 100)
        busy = 100;
    TRY(put_uint(&rates->gpu, gpu_number(&call.state, call.gpu, "util", busy, 0, 100)));
    return put_uint(&rates->memory, gpu_number(&call.state, call.gpu, "util_mem", 0, 0, 100));
}
