/* MIG: gpu.<i>.mig=<count>, gpu.<i>.mig.<m>.profile=<slices>g.<GB>gb */
#include "call.h"

#include <stdio.h>

nvmlReturn_t nvmlDeviceGetMigMode(nvmlDevice_t device, unsigned int *current, unsigned int *pending)
{
    struct call call;

    TRY(call_device(&call, device));
    int devices = mig_device_count(&call, call.gpu);
    if (devices < 0)
        return NVML_ERROR_NOT_SUPPORTED;
    TRY(put_uint(current, devices > 0));
    return put_uint(pending, devices > 0);
}

/* None while MIG is off, whatever the card could have. */
nvmlReturn_t nvmlDeviceGetMaxMigDeviceCount(nvmlDevice_t device, unsigned int *count)
{
    struct call call;

    TRY(call_device(&call, device));
    return put_uint(count, mig_device_count(&call, call.gpu) > 0 ? MAX_MIG_DEVICES : 0);
}

nvmlReturn_t nvmlDeviceGetMigDeviceHandleByIndex(nvmlDevice_t device, unsigned int index,
                                                 nvmlDevice_t *mig)
{
    struct call call;

    TRY(call_device(&call, device));
    if (!mig)
        return NVML_ERROR_INVALID_ARGUMENT;
    if (index >= MAX_MIG_DEVICES || (int)index >= mig_device_count(&call, call.gpu))
        return NVML_ERROR_NOT_FOUND;
    *mig = handle_of(call.gpu, (int)index);
    return NVML_SUCCESS;
}

/*
 * Instance ids are fixed: GPU instance = MIG index + 1, compute instance = 0.
 * Whoever writes /proc/driver/nvidia-caps/mig-minors writes the same numbers.
 */
nvmlReturn_t nvmlDeviceGetGpuInstanceId(nvmlDevice_t device, unsigned int *id)
{
    struct call call;

    TRY(call_device(&call, device));
    return call.mig < 0 ? NVML_ERROR_INVALID_ARGUMENT : put_uint(id, call.mig + 1);
}

nvmlReturn_t nvmlDeviceGetComputeInstanceId(nvmlDevice_t device, unsigned int *id)
{
    struct call call;

    TRY(call_device(&call, device));
    return call.mig < 0 ? NVML_ERROR_INVALID_ARGUMENT : put_uint(id, 0);
}

/*
 * The size of an instance, from its profile's name. An instance gets a little
 * less than the name says; 39/40 gives the published figure for most profiles
 * (2g.10gb: 9984 MiB). SMs, copy engines and decoders are those of an A100.
 */
nvmlReturn_t nvmlDeviceGetAttributes_v2(nvmlDevice_t device, nvmlDeviceAttributes_t *attributes)
{
    static const unsigned int decoders[] = {0, 0, 1, 2, 2, 3, 4, 5};
    struct call call;
    char profile[STATE_VALUE_BYTES] = "1g.5gb";
    unsigned int slices = 1, gigabytes = 5;

    TRY(call_device(&call, device));
    if (call.mig < 0)
        return NVML_ERROR_NOT_SUPPORTED;
    if (!attributes)
        return NVML_ERROR_INVALID_ARGUMENT;
    call_get(&call, "profile", profile, sizeof profile);
    sscanf(profile, "%1ug.%4ugb", &slices, &gigabytes);
    if (slices < 1 || slices > MAX_MIG_DEVICES)
        slices = 1;
    *attributes = (nvmlDeviceAttributes_t){
        .multiprocessorCount = 14 * slices,
        .sharedCopyEngineCount = slices,
        .sharedDecoderCount = decoders[slices],
        .gpuInstanceSliceCount = slices,
        .computeInstanceSliceCount = slices,
        .memorySizeMB = (unsigned long long)call_number(
            &call, "mem_mb", (long)gigabytes * 1024 * 39 / 40, 0, 1L << 30),
    };
    return NVML_SUCCESS;
}
