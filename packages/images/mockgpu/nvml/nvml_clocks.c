/* Clocks: what may be chosen and what runs. Requests to change them are accepted and forgotten. */
#include "call.h"

#include <stdlib.h>
#include <string.h>

#define MAX_CLOCKS 64

/* Answers a list such as "1410,1095,210" (MHz), or how much room it needs. */
static nvmlReturn_t put_clocks(const struct call *call, const char *key, const char *fallback,
                               unsigned int *count, unsigned int *clocks)
{
    char list[STATE_VALUE_BYTES];
    char *rest = list;
    unsigned int found[MAX_CLOCKS], n = 0;

    if (!count)
        return NVML_ERROR_INVALID_ARGUMENT;
    if (!gpu_get(&call->state, call->gpu, key, list, sizeof list))
        strcpy(list, fallback);
    for (const char *item; n < MAX_CLOCKS && (item = strsep(&rest, ","));)
        if ((found[n] = (unsigned int)strtoul(item, NULL, 10)) > 0)
            n++;

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

    TRY(call_device(&call, device));
    return put_clocks(&call, "clocks_mem", "1215", count, clocks);
}

nvmlReturn_t nvmlDeviceGetSupportedGraphicsClocks(nvmlDevice_t device, unsigned int memoryClock,
                                                  unsigned int *count, unsigned int *clocks)
{
    struct call call;

    (void)memoryClock; /* one list for every memory clock */
    TRY(call_device(&call, device));
    return put_clocks(&call, "clocks_graphics", "1410,1095,210", count, clocks);
}

nvmlReturn_t nvmlDeviceGetClockInfo(nvmlDevice_t device, int type, unsigned int *clock)
{
    struct call call;

    TRY(call_device(&call, device));
    switch (type) {
    case NVML_CLOCK_GRAPHICS:
    case NVML_CLOCK_SM:
    case NVML_CLOCK_VIDEO:
        return put_uint(clock, gpu_number(&call.state, call.gpu, "clock_sm", 1095, 0, 100000));
    case NVML_CLOCK_MEM:
        return put_uint(clock, gpu_number(&call.state, call.gpu, "clock_mem", 1215, 0, 100000));
    default:
        return NVML_ERROR_INVALID_ARGUMENT;
    }
}

nvmlReturn_t nvmlDeviceGetApplicationsClock(nvmlDevice_t device, int type, unsigned int *clock)
{
    return nvmlDeviceGetClockInfo(device, type, clock);
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
