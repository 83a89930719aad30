/* The fields of --query-gpu: name, unit, and how each is read. */
#include "smi.h"

#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

#define READER(name) static void name(nvmlDevice_t gpu, struct cell *c)
#define TEXT(c) (c)->text, sizeof(c)->text

READER(read_timestamp)
{
    struct timeval now;
    char day[64];

    (void)gpu;
    gettimeofday(&now, NULL);
    strftime(day, sizeof day, "%Y/%m/%d %H:%M:%S", localtime(&now.tv_sec));
    snprintf(TEXT(c), "%s.%03d", day, (int)(now.tv_usec / 1000));
}

READER(read_count)
{
    unsigned int count = 0;

    (void)gpu;
    c->status = nvmlDeviceGetCount_v2(&count);
    snprintf(TEXT(c), "%u", count);
}

READER(read_driver)
{
    (void)gpu;
    c->status = nvmlSystemGetDriverVersion(TEXT(c));
}

READER(read_name) { c->status = nvmlDeviceGetName(gpu, TEXT(c)); }
READER(read_uuid) { c->status = nvmlDeviceGetUUID(gpu, TEXT(c)); }
READER(read_serial) { c->status = nvmlDeviceGetSerial(gpu, TEXT(c)); }

/* For figures that NVML answers as one unsigned number. */
static void read_unsigned(nvmlDevice_t gpu, struct cell *c,
                          nvmlReturn_t (*query)(nvmlDevice_t, unsigned int *))
{
    unsigned int value = 0;

    c->status = query(gpu, &value);
    snprintf(TEXT(c), "%u", value);
}

READER(read_index) { read_unsigned(gpu, c, nvmlDeviceGetIndex); }
READER(read_fan) { read_unsigned(gpu, c, nvmlDeviceGetFanSpeed); }

READER(read_temperature)
{
    unsigned int value = 0;

    c->status = nvmlDeviceGetTemperature(gpu, NVML_TEMPERATURE_GPU, &value);
    snprintf(TEXT(c), "%u", value);
}

READER(read_bus_id)
{
    nvmlPciInfo_t pci = {0};

    c->status = nvmlDeviceGetPciInfo_v3(gpu, &pci);
    snprintf(TEXT(c), "%s", pci.busId);
}

READER(read_compute_cap)
{
    int major = 0, minor = 0;

    c->status = nvmlDeviceGetCudaComputeCapability(gpu, &major, &minor);
    snprintf(TEXT(c), "%d.%d", major, minor);
}

static void read_memory(nvmlDevice_t gpu, struct cell *c, size_t member)
{
    nvmlMemory_v2_t memory = {.version = NVML_MEMORY_V2};
    unsigned long long bytes;

    c->status = nvmlDeviceGetMemoryInfo_v2(gpu, &memory);
    memcpy(&bytes, (char *)&memory + member, sizeof bytes);
    snprintf(TEXT(c), "%llu", mebibytes(bytes));
}

READER(read_memory_total) { read_memory(gpu, c, offsetof(nvmlMemory_v2_t, total)); }
READER(read_memory_reserved) { read_memory(gpu, c, offsetof(nvmlMemory_v2_t, reserved)); }
READER(read_memory_used) { read_memory(gpu, c, offsetof(nvmlMemory_v2_t, used)); }
READER(read_memory_free) { read_memory(gpu, c, offsetof(nvmlMemory_v2_t, free)); }

READER(read_utilization_gpu)
{
    nvmlUtilization_t rates = {0};

    c->status = nvmlDeviceGetUtilizationRates(gpu, &rates);
    snprintf(TEXT(c), "%u", rates.gpu);
}

READER(read_utilization_memory)
{
    nvmlUtilization_t rates = {0};

    c->status = nvmlDeviceGetUtilizationRates(gpu, &rates);
    snprintf(TEXT(c), "%u", rates.memory);
}

static void read_watts(nvmlDevice_t gpu, struct cell *c,
                       nvmlReturn_t (*query)(nvmlDevice_t, unsigned int *))
{
    unsigned int milliwatts = 0;

    c->status = query(gpu, &milliwatts);
    snprintf(TEXT(c), "%u.%02u", milliwatts / 1000, milliwatts % 1000 / 10);
}

READER(read_power) { read_watts(gpu, c, nvmlDeviceGetPowerUsage); }
READER(read_power_limit) { read_watts(gpu, c, nvmlDeviceGetEnforcedPowerLimit); }

READER(read_pstate)
{
    int state = 0;

    c->status = nvmlDeviceGetPerformanceState(gpu, &state);
    snprintf(TEXT(c), "P%d", state);
}

static void read_clock(nvmlDevice_t gpu, struct cell *c, int type)
{
    unsigned int megahertz = 0;

    c->status = nvmlDeviceGetClockInfo(gpu, type, &megahertz);
    snprintf(TEXT(c), "%u", megahertz);
}

READER(read_clock_graphics) { read_clock(gpu, c, NVML_CLOCK_GRAPHICS); }
READER(read_clock_sm) { read_clock(gpu, c, NVML_CLOCK_SM); }
READER(read_clock_video) { read_clock(gpu, c, NVML_CLOCK_VIDEO); }
READER(read_clock_memory) { read_clock(gpu, c, NVML_CLOCK_MEM); }

READER(read_compute_mode)
{
    static const char *const names[] = {"Default", "Exclusive_Thread", "Prohibited",
                                        "Exclusive_Process"};
    int mode = 0;

    c->status = nvmlDeviceGetComputeMode(gpu, &mode);
    snprintf(TEXT(c), "%s", names[mode & 3]);
}

static void put_switch(struct cell *c, bool on)
{
    snprintf(TEXT(c), "%s", on ? "Enabled" : "Disabled");
}

READER(read_persistence)
{
    int on = 0;

    c->status = nvmlDeviceGetPersistenceMode(gpu, &on);
    put_switch(c, on);
}

READER(read_mig_mode)
{
    unsigned int current = 0, pending;

    c->status = nvmlDeviceGetMigMode(gpu, &current, &pending);
    put_switch(c, current);
}

READER(read_ecc_mode)
{
    int current = 0, pending;

    c->status = nvmlDeviceGetEccMode(gpu, &current, &pending);
    put_switch(c, current);
}

static void read_ecc(nvmlDevice_t gpu, struct cell *c, int type, int counter)
{
    unsigned long long errors = 0;

    c->status = nvmlDeviceGetTotalEccErrors(gpu, type, counter, &errors);
    snprintf(TEXT(c), "%llu", errors);
}

READER(read_ecc_cv) { read_ecc(gpu, c, NVML_MEMORY_ERROR_TYPE_CORRECTED, NVML_VOLATILE_ECC); }
READER(read_ecc_ca) { read_ecc(gpu, c, NVML_MEMORY_ERROR_TYPE_CORRECTED, NVML_AGGREGATE_ECC); }
READER(read_ecc_uv) { read_ecc(gpu, c, NVML_MEMORY_ERROR_TYPE_UNCORRECTED, NVML_VOLATILE_ECC); }
READER(read_ecc_ua) { read_ecc(gpu, c, NVML_MEMORY_ERROR_TYPE_UNCORRECTED, NVML_AGGREGATE_ECC); }

static const struct field fields[] = {
    {"timestamp", NULL, NULL, read_timestamp},
    {"driver_version", NULL, NULL, read_driver},
    {"count", NULL, NULL, read_count},
    {"index", NULL, NULL, read_index},
    {"name", "gpu_name", NULL, read_name},
    {"uuid", "gpu_uuid", NULL, read_uuid},
    {"serial", "gpu_serial", NULL, read_serial},
    {"pci.bus_id", "gpu_bus_id", NULL, read_bus_id},
    {"compute_cap", NULL, NULL, read_compute_cap},
    {"persistence_mode", NULL, NULL, read_persistence},
    {"compute_mode", NULL, NULL, read_compute_mode},
    {"mig.mode.current", NULL, NULL, read_mig_mode},
    {"mig.mode.pending", NULL, NULL, read_mig_mode},
    {"fan.speed", NULL, "%", read_fan},
    {"pstate", NULL, NULL, read_pstate},
    {"memory.total", NULL, "MiB", read_memory_total},
    {"memory.reserved", NULL, "MiB", read_memory_reserved},
    {"memory.used", NULL, "MiB", read_memory_used},
    {"memory.free", NULL, "MiB", read_memory_free},
    {"utilization.gpu", NULL, "%", read_utilization_gpu},
    {"utilization.memory", NULL, "%", read_utilization_memory},
    {"temperature.gpu", NULL, NULL, read_temperature},
    {"power.draw", NULL, "W", read_power},
    {"power.limit", NULL, "W", read_power_limit},
    {"enforced.power.limit", NULL, "W", read_power_limit},
    {"clocks.current.graphics", "clocks.gr", "MHz", read_clock_graphics},
    {"clocks.current.sm", "clocks.sm", "MHz", read_clock_sm},
    {"clocks.current.memory", "clocks.mem", "MHz", read_clock_memory},
    {"clocks.current.video", "clocks.video", "MHz", read_clock_video},
    {"ecc.mode.current", NULL, NULL, read_ecc_mode},
    {"ecc.mode.pending", NULL, NULL, read_ecc_mode},
    {"ecc.errors.corrected.volatile.total", NULL, NULL, read_ecc_cv},
    {"ecc.errors.corrected.aggregate.total", NULL, NULL, read_ecc_ca},
    {"ecc.errors.uncorrected.volatile.total", NULL, NULL, read_ecc_uv},
    {"ecc.errors.uncorrected.aggregate.total", NULL, NULL, read_ecc_ua},
};

const struct field *find_gpu_field(const char *name)
{
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (strcmp(fields[i].name, name) == 0 ||
            (fields[i].alias && strcmp(fields[i].alias, name) == 0))
            return &fields[i];
    return NULL;
}
