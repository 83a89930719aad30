/* How a GPU is doing: heat, power, modes, ECC. One key each; see README.md. */
#include "call.h"

#include <limits.h>

/* For what not every model has: a negative value, or none, means "not supported". */
static nvmlReturn_t put_optional(int *out, const struct call *call, const char *key, long fallback,
                                 long high)
{
    long value = gpu_number(&call->state, call->gpu, key, fallback, -1, high);

    if (!out)
        return NVML_ERROR_INVALID_ARGUMENT;
    if (value < 0)
        return NVML_ERROR_NOT_SUPPORTED;
    *out = (int)value;
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetTemperature(nvmlDevice_t device, int sensor, unsigned int *celsius)
{
    struct call call;

    TRY(call_device(&call, device));
    if (sensor != NVML_TEMPERATURE_GPU)
        return NVML_ERROR_INVALID_ARGUMENT;
    return put_uint(celsius, gpu_number(&call.state, call.gpu, "temp", 33, 0, 999));
}

nvmlReturn_t nvmlDeviceGetFanSpeed(nvmlDevice_t device, unsigned int *percent)
{
    struct call call;

    TRY(call_device(&call, device));
    return put_optional((int *)percent, &call, "fan", -1, 100);
}

nvmlReturn_t nvmlDeviceGetPowerUsage(nvmlDevice_t device, unsigned int *milliwatts)
{
    struct call call;

    TRY(call_device(&call, device));
    return put_optional((int *)milliwatts, &call, "power_mw", 52000, INT_MAX);
}

nvmlReturn_t nvmlDeviceGetEnforcedPowerLimit(nvmlDevice_t device, unsigned int *milliwatts)
{
    struct call call;

    TRY(call_device(&call, device));
    return put_optional((int *)milliwatts, &call, "power_limit_mw", 400000, INT_MAX);
}

nvmlReturn_t nvmlDeviceGetPerformanceState(nvmlDevice_t device, int *state)
{
    struct call call;

    TRY(call_device(&call, device));
    return put_optional(state, &call, "pstate", 0, 15);
}

nvmlReturn_t nvmlDeviceGetPersistenceMode(nvmlDevice_t device, int *enabled)
{
    struct call call;

    TRY(call_device(&call, device));
    return put_optional(enabled, &call, "persistence", 0, 1);
}

nvmlReturn_t nvmlDeviceGetComputeMode(nvmlDevice_t device, int *mode)
{
    struct call call;

    TRY(call_device(&call, device));
    return put_optional(mode, &call, "compute_mode", 0, 3);
}

nvmlReturn_t nvmlDeviceGetEccMode(nvmlDevice_t device, int *current, int *pending)
{
    struct call call;

    TRY(call_device(&call, device));
    TRY(put_optional(current, &call, "ecc", 1, 1));
    return put_optional(pending, &call, "ecc", 1, 1);
}

/* The aggregate counters outlive a reboot; they follow the volatile ones unless set apart. */
nvmlReturn_t nvmlDeviceGetTotalEccErrors(nvmlDevice_t device, int errorType, int counterType,
                                         unsigned long long *count)
{
    struct call call;
    long errors;

    TRY(call_device(&call, device));
    if (!count || errorType < NVML_MEMORY_ERROR_TYPE_CORRECTED ||
        errorType > NVML_MEMORY_ERROR_TYPE_UNCORRECTED || counterType < NVML_VOLATILE_ECC ||
        counterType > NVML_AGGREGATE_ECC)
        return NVML_ERROR_INVALID_ARGUMENT;
    if (gpu_number(&call.state, call.gpu, "ecc", 1, -1, 1) != 1)
        return NVML_ERROR_NOT_SUPPORTED;

    int uncorrected = errorType == NVML_MEMORY_ERROR_TYPE_UNCORRECTED;
    errors = gpu_number(&call.state, call.gpu, uncorrected ? "ecc_uncorr" : "ecc_corr", 0, 0,
                        LONG_MAX);
    if (counterType == NVML_AGGREGATE_ECC)
        errors = gpu_number(&call.state, call.gpu,
                            uncorrected ? "ecc_uncorr_aggregate" : "ecc_corr_aggregate", errors, 0,
                            LONG_MAX);
    *count = (unsigned long long)errors;
    return NVML_SUCCESS;
}
