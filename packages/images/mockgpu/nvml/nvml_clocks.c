/* Clocks: what may be chosen and what runs. Requests to change them are accepted and forgotten. */
#include "call.h"

#include <stdlib.h>
#include <string.h>

#define MAX_CLOCKS 64
#define DEFAULT_MEMORY_CLOCKS "1215"

/* A list such as "1410,1095,210" (MHz). */
static unsigned int read_clocks(const struct call *call, const char *key, const char *fallback,
                                unsigned int found[MAX_CLOCKS])
{
    char list[STATE_VALUE_BYTES];
    char *rest = list;
    unsigned int n = 0;

    if (!gpu_get(&call->state, call->gpu, key, list, sizeof list))
        strcpy(list, fallback);
    for (const char *item; n < MAX_CLOCKS && (item = strsep(&rest, ","));)
        if ((found[n] = (unsigned int)strtoul(item, NULL, 10)) > 0)
            n++;
    return n;
}

/* Answers a list, or how much room it needs. */
static nvmlReturn_t put_clocks(const unsigned int *found, unsigned int n, unsigned int *count,
                               unsigned int *clocks)
{
    if (!count)
        return NVML_ERROR_INVALID_ARGUMENT;
    unsigned int room = *count;
    *count = n;
    if (room < n)
        return NVML_ERROR_INSUFFICIENT_SIZE;
    if (!clocks)
        return NVML_ERROR_INVALID_ARGUMENT;
    memcpy(clocks, found, n * sizeof *clocks);
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetSupportedMemoryClocks(nvmlDevice_t device, unsigned int *count,
                                                unsigned int *clocks)
{
    struct call call;
    unsigned int found[MAX_CLOCKS];

    TRY(call_device(&call, device));
    unsigned int n = read_clocks(&call, "clocks_mem", DEFAULT_MEMORY_CLOCKS, found);
    return put_clocks(found, n, count, clocks);
}

nvmlReturn_t nvmlDeviceGetSupportedGraphicsClocks(nvmlDevice_t device, unsigned int memoryClock,
                                                  unsigned int *count, unsigned int *clocks)
{
    struct call call;
    unsigned int found[MAX_CLOCKS];
    bool known = false;

    TRY(call_device(&call, device));
    unsigned int memories = read_clocks(&call, "clocks_mem", DEFAULT_MEMORY_CLOCKS, found);
    for (unsigned int n = memories; n > 0; n--)
        known = known || found[n - 1] == memoryClock;
    if (!known)
        return NVML_ERROR_NOT_FOUND;
    /* One list for every memory clock. */
    unsigned int n = read_clocks(&call, "clocks_graphics", "1410,1095,210", found);
    return put_clocks(found, n, count, clocks);
}

static long clock_now(const struct call *call, bool memory)
{
    return gpu_number(&call->state, call->gpu, memory ? "clock_mem" : "clock_sm",
                      memory ? 1215 : 1095, 0, 100000);
}

nvmlReturn_t nvmlDeviceGetClockInfo(nvmlDevice_t device, int type, unsigned int *clock)
{
    struct call call;

    TRY(call_device(&call, device));
    long sm = clock_now(&call, false);
    switch (type) {
    case NVML_CLOCK_GRAPHICS:
    case NVML_CLOCK_SM:
        return put_uint(clock, sm);
    case NVML_CLOCK_VIDEO:
        return put_uint(clock, gpu_number(&call.state, call.gpu, "clock_video", sm, 0, 100000));
    case NVML_CLOCK_MEM:
        return put_uint(clock, clock_now(&call, true));
    default:
        return NVML_ERROR_NOT_SUPPORTED;
    }
}

/* What runs while there is work: another figure than what runs now. */
nvmlReturn_t nvmlDeviceGetApplicationsClock(nvmlDevice_t device, int type, unsigned int *clock)
{
    struct call call;

    TRY(call_device(&call, device));
    bool memory = type == NVML_CLOCK_MEM;
    switch (type) {
    case NVML_CLOCK_GRAPHICS:
    case NVML_CLOCK_SM:
    case NVML_CLOCK_MEM:
        return put_uint(clock, gpu_number(&call.state, call.gpu,
                                          memory ? "clock_app_mem" : "clock_app_sm",
                                          clock_now(&call, memory), 0, 100000));
    case NVML_CLOCK_VIDEO:
        return NVML_ERROR_NOT_SUPPORTED;
    default:
        return NVML_ERROR_INVALID_ARGUMENT;
    }
}

static nvmlReturn_t accept_request(nvmlDevice_t device)
{
    struct call call;

    return call_device(&call, device);
}

nvmlReturn_t nvmlDeviceSetApplicationsClocks(nvmlDevice_t device, unsigned int memory,
                                             unsigned int graphics)
{
    (void)memory;
    (void)graphics;
    return accept_request(device);
}

nvmlReturn_t nvmlDeviceResetApplicationsClocks(nvmlDevice_t device)
{
    return accept_request(device);
}

nvmlReturn_t nvmlDeviceSetGpuLockedClocks(nvmlDevice_t device, unsigned int low, unsigned int high)
{
    (void)low;
    (void)high;
    return accept_request(device);
}

nvmlReturn_t nvmlDeviceResetGpuLockedClocks(nvmlDevice_t device)
{
    return accept_request(device);
}

nvmlReturn_t nvmlDeviceSetMemoryLockedClocks(nvmlDevice_t device, unsigned int low,
                                             unsigned int high)
{
    (void)low;
    (void)high;
    return accept_request(device);
}

nvmlReturn_t nvmlDeviceResetMemoryLockedClocks(nvmlDevice_t device)
{
    return accept_request(device);
}
