/* Which GPUs there are and who they are. */
#include "call.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

nvmlReturn_t nvmlDeviceGetCount_v2(unsigned int *count)
{
    struct call call;
    long visible = 0;

    TRY(call_system(&call));
    for (int gpu = 0; gpu < gpu_count(&call); gpu++)
        visible += gpu_visible(&call, gpu);
    return put_uint(count, visible);
}

/*
 * The handle of a lost GPU is written although the call fails: it answers
 * nothing but nvmlDeviceGetPciInfo, which lets nvidia-smi name the bus id.
 */
static nvmlReturn_t put_handle(const struct call *call, int gpu, nvmlDevice_t *device)
{
    *device = handle_of(gpu, -1);
    return gpu_has_fault(call, gpu, "lost") ? NVML_ERROR_GPU_IS_LOST : NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetHandleByIndex_v2(unsigned int index, nvmlDevice_t *device)
{
    struct call call;
    unsigned int seen = 0;

    TRY(call_system(&call));
    if (!device)
        return NVML_ERROR_INVALID_ARGUMENT;
    for (int gpu = 0; gpu < gpu_count(&call); gpu++)
        if (gpu_visible(&call, gpu) && seen++ == index)
            return put_handle(&call, gpu, device);
    return NVML_ERROR_INVALID_ARGUMENT;
}

static void get_uuid(const struct call *call, char *uuid, size_t size)
{
    if (call_get(call, "uuid", uuid, size))
        return;
    if (call->mig < 0)
        snprintf(uuid, size, "GPU-00000000-0000-0000-0000-%012d", call->gpu);
    else
        snprintf(uuid, size, "MIG-00000000-0000-0000-0000-%08d%04d", call->gpu, call->mig);
}

nvmlReturn_t nvmlDeviceGetHandleByUUID(const char *uuid, nvmlDevice_t *device)
{
    struct call call;
    char own[STATE_VALUE_BYTES];

    TRY(call_system(&call));
    if (!uuid || !device)
        return NVML_ERROR_INVALID_ARGUMENT;
    for (call.gpu = 0; call.gpu < gpu_count(&call); call.gpu++) {
        if (!gpu_visible(&call, call.gpu))
            continue;
        int mig_devices = mig_device_count(&call, call.gpu);
        call.mig = -1; /* the GPU itself, then its MIG devices */
        do {
            get_uuid(&call, own, sizeof own);
            if (strcmp(own, uuid) == 0) {
                TRY(put_handle(&call, call.gpu, device));
                *device = handle_of(call.gpu, call.mig);
                return NVML_SUCCESS;
            }
        } while (++call.mig < mig_devices);
    }
    return NVML_ERROR_NOT_FOUND;
}

/* Compared as numbers, for people write the domain with four digits, with eight or not at all. */
static bool read_bus_id(const char *text, unsigned int *domain, unsigned int *bus,
                        unsigned int *slot)
{
    if (sscanf(text, "%8x:%2x:%2x", domain, bus, slot) == 3)
        return true;
    *domain = 0;
    return sscanf(text, "%2x:%2x", bus, slot) == 2;
}

nvmlReturn_t nvmlDeviceGetHandleByPciBusId_v2(const char *busId, nvmlDevice_t *device)
{
    struct call call;
    nvmlPciInfo_t pci;
    unsigned int domain, bus, slot;

    TRY(call_system(&call));
    if (!busId || !device || !read_bus_id(busId, &domain, &bus, &slot))
        return NVML_ERROR_INVALID_ARGUMENT;
    for (int gpu = 0; gpu < gpu_count(&call); gpu++) {
        fill_pci_info(&call, gpu, &pci);
        if (pci.domain == domain && pci.bus == bus && pci.device == slot &&
            gpu_visible(&call, gpu))
            return put_handle(&call, gpu, device);
    }
    return NVML_ERROR_NOT_FOUND;
}

nvmlReturn_t nvmlDeviceGetIndex(nvmlDevice_t device, unsigned int *index)
{
    struct call call;
    long before = 0;

    TRY(call_device(&call, device));
    for (int gpu = 0; gpu < call.gpu; gpu++)
        before += gpu_visible(&call, gpu);
    return put_uint(index, before);
}

nvmlReturn_t nvmlDeviceGetMinorNumber(nvmlDevice_t device, unsigned int *minor)
{
    struct call call;

    TRY(call_device(&call, device));
    return put_uint(minor, gpu_number(&call.state, call.gpu, "minor", call.gpu, 0, INT_MAX));
}

/* A MIG device is named after its GPU: "NVIDIA A100-SXM4-40GB MIG 1g.5gb". */
nvmlReturn_t nvmlDeviceGetName(nvmlDevice_t device, char *name, unsigned int length)
{
    struct call call;
    char model[STATE_VALUE_BYTES] = DEFAULT_GPU_NAME;
    char profile[STATE_VALUE_BYTES] = "1g.5gb";
    char full[2 * STATE_VALUE_BYTES + 8];

    TRY(call_device(&call, device));
    gpu_get(&call.state, call.gpu, "name", model, sizeof model);
    if (call.mig < 0)
        return put_text(name, length, model);
    call_get(&call, "profile", profile, sizeof profile);
    snprintf(full, sizeof full, "%s MIG %s", model, profile);
    return put_text(name, length, full);
}

nvmlReturn_t nvmlDeviceGetUUID(nvmlDevice_t device, char *uuid, unsigned int length)
{
    struct call call;
    char text[STATE_VALUE_BYTES];

    TRY(call_device(&call, device));
    get_uuid(&call, text, sizeof text);
    return put_text(uuid, length, text);
}

nvmlReturn_t nvmlDeviceGetSerial(nvmlDevice_t device, char *serial, unsigned int length)
{
    struct call call;
    char text[STATE_VALUE_BYTES];

    TRY(call_device(&call, device));
    if (!gpu_get(&call.state, call.gpu, "serial", text, sizeof text))
        return NVML_ERROR_NOT_SUPPORTED;
    return put_text(serial, length, text);
}

nvmlReturn_t nvmlDeviceGetPciInfo_v3(nvmlDevice_t device, nvmlPciInfo_t *pci)
{
    struct call call;

    TRY(call_handle(&call, device));
    if (!pci)
        return NVML_ERROR_INVALID_ARGUMENT;
    fill_pci_info(&call, call.gpu, pci);
    return NVML_SUCCESS;
}

/*
 * A list such as "0-3,8". A list without any CPU gives the empty set, with
 * which slurmd stops ("cpu_set_bitstr is empty!").
 */
nvmlReturn_t nvmlDeviceGetCpuAffinity(nvmlDevice_t device, unsigned int size, unsigned long *set)
{
    struct call call;
    char list[STATE_VALUE_BYTES] = "0";
    long bits = (long)size * 64;

    TRY(call_device(&call, device));
    if (!set || size == 0)
        return NVML_ERROR_INVALID_ARGUMENT;
    gpu_get(&call.state, call.gpu, "cpus", list, sizeof list);
    memset(set, 0, size * sizeof *set);

    char *rest = list;
    for (const char *item; (item = strsep(&rest, ","));) {
        char *after;
        long first = strtol(item, &after, 10);
        if (after == item || first < 0)
            continue;
        long last = *after == '-' ? strtol(after + 1, NULL, 10) : first;
        for (long cpu = first; cpu <= last && cpu < bits; cpu++)
            set[cpu / 64] |= 1UL << (cpu % 64);
    }
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetCudaComputeCapability(nvmlDevice_t device, int *major, int *minor)
{
    struct call call;
    char text[STATE_VALUE_BYTES] = "8.0";

    TRY(call_device(&call, device));
    if (!major || !minor)
        return NVML_ERROR_INVALID_ARGUMENT;
    gpu_get(&call.state, call.gpu, "compute_cap", text, sizeof text);
    *major = *minor = 0;
    sscanf(text, "%4d.%4d", major, minor);
    return NVML_SUCCESS;
}
