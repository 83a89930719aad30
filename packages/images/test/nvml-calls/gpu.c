/* All that can be asked of one GPU; the rest of nvml-calls. */
#include "calls.h"

#include <string.h>

static void ask_text(const char *label, nvmlDevice_t gpu, const char *function)
{
    nvmlReturn_t (*ask)(nvmlDevice_t, char *, unsigned int) = find(function);
    char text[96] = "";

    printf("%s: ", label);
    RESULT("room 96", ask(gpu, text, sizeof text));
    printf(" '%s'", text);
    RESULT("; room 5", ask(gpu, text, 5));
    RESULT("; no room", ask(gpu, NULL, sizeof text));
    RESULT("; no GPU", ask(NULL, text, sizeof text));
    END;
}

static void ask_number(const char *label, nvmlDevice_t gpu, const char *function)
{
    nvmlReturn_t (*ask)(nvmlDevice_t, unsigned int *) = find(function);
    unsigned int number = 0;

    RESULT(label, ask(gpu, &number));
    printf(" %u", number);
    RESULT("; nowhere", ask(gpu, NULL));
    END;
}

static void ask_numbers(nvmlDevice_t gpu)
{
    static const char *const names[] = {
        "Index",           "MinorNumber", "FanSpeed",          "EnforcedPowerLimit", "PerformanceState",
        "PersistenceMode", "ComputeMode", "MaxMigDeviceCount", "GpuInstanceId",      "ComputeInstanceId"};
    char function[64];

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(function, sizeof function, "nvmlDeviceGet%s", names[i]);
        ask_number(names[i], gpu, function);
    }
}

static void ask_place(nvmlDevice_t gpu)
{
    FIND(nvmlDeviceGetPciInfo_v3);
    FIND(nvmlDeviceGetCpuAffinity);
    FIND(nvmlDeviceGetCudaComputeCapability);
    FIND(nvmlDeviceGetNvLinkState);
    FIND(nvmlDeviceGetNvLinkRemotePciInfo_v2);
    nvmlPciInfo_t pci = {0};
    unsigned long cpus[2] = {0};
    unsigned int active;
    int major = 0, minor = 0;

    RESULT("PciInfo", nvmlDeviceGetPciInfo_v3_(gpu, &pci));
    printf(" %s %s %u:%u:%u", pci.busIdLegacy, pci.busId, pci.domain, pci.bus, pci.device);
    RESULT("; nowhere", nvmlDeviceGetPciInfo_v3_(gpu, NULL));
    END;
    RESULT("CpuAffinity", nvmlDeviceGetCpuAffinity_(gpu, 2, cpus));
    printf(" %lx %lx", cpus[0], cpus[1]);
    RESULT("; no room", nvmlDeviceGetCpuAffinity_(gpu, 0, cpus));
    END;
    RESULT("ComputeCapability", nvmlDeviceGetCudaComputeCapability_(gpu, &major, &minor));
    printf(" %d.%d\n", major, minor);
    RESULT("NvLinkState 0", nvmlDeviceGetNvLinkState_(gpu, 0, &active));
    RESULT("; 99", nvmlDeviceGetNvLinkState_(gpu, 99, &active));
    RESULT("; RemotePciInfo 0", nvmlDeviceGetNvLinkRemotePciInfo_v2_(gpu, 0, &pci));
    END;
}

static void ask_mig(nvmlDevice_t gpu)
{
    FIND(nvmlDeviceGetMigMode);
    FIND(nvmlDeviceGetMigDeviceHandleByIndex);
    FIND(nvmlDeviceGetAttributes_v2);
    unsigned int current = 9, pending = 9;
    nvmlDevice_t mig;
    nvmlDeviceAttributes_t attributes;

    RESULT("MigMode", nvmlDeviceGetMigMode_(gpu, &current, &pending));
    printf(" %u %u", current, pending);
    RESULT("; nowhere", nvmlDeviceGetMigMode_(gpu, NULL, NULL));
    RESULT("; device 0", nvmlDeviceGetMigDeviceHandleByIndex_(gpu, 0, &mig));
    RESULT("; device 8", nvmlDeviceGetMigDeviceHandleByIndex_(gpu, 8, &mig));
    RESULT("; attributes", nvmlDeviceGetAttributes_v2_(gpu, &attributes));
    END;
}

static void ask_clocks(nvmlDevice_t gpu)
{
    FIND(nvmlDeviceGetSupportedMemoryClocks);
    FIND(nvmlDeviceGetSupportedGraphicsClocks);
    FIND(nvmlDeviceGetApplicationsClock);
    FIND(nvmlDeviceGetClockInfo);
    unsigned int clocks[512], count = 0, memory;

    RESULT("MemoryClocks without room", nvmlDeviceGetSupportedMemoryClocks_(gpu, &count, NULL));
    printf(" %u", count);
    count = 512;
    RESULT("; with", nvmlDeviceGetSupportedMemoryClocks_(gpu, &count, clocks));
    printf(" %u: %u", count, memory = clocks[0]);
    END;
    count = 1;
    RESULT("GraphicsClocks with room for one", nvmlDeviceGetSupportedGraphicsClocks_(gpu, memory, &count, clocks));
    count = 512;
    RESULT("; for all", nvmlDeviceGetSupportedGraphicsClocks_(gpu, memory, &count, clocks));
    printf(" %u", clocks[0]);
    count = 512;
    RESULT("; of a wrong clock", nvmlDeviceGetSupportedGraphicsClocks_(gpu, memory + 1, &count, clocks));
    printf(" %u\n", count);
    for (int type = 0; type < 5; type++) {
        unsigned int now = 0, with_work = 0;
        printf("Clock %d: ", type);
        RESULT("now", nvmlDeviceGetClockInfo_(gpu, type, &now));
        printf(" %u; ", now);
        RESULT("applications", nvmlDeviceGetApplicationsClock_(gpu, type, &with_work));
        printf(" %u\n", with_work);
    }
}

static void ask_use(nvmlDevice_t gpu)
{
    FIND(nvmlDeviceGetMemoryInfo);
    FIND(nvmlDeviceGetMemoryInfo_v2);
    FIND(nvmlDeviceGetUtilizationRates);
    nvmlMemory_t memory = {0};
    nvmlMemory_v2_t apart = {.version = NVML_MEMORY_V2};
    nvmlUtilization_t rates = {0};

    RESULT("MemoryInfo", nvmlDeviceGetMemoryInfo_(gpu, &memory));
    printf(" %llu %llu %llu", memory.total >> 20, memory.used >> 20, memory.free >> 20);
    RESULT("; nowhere", nvmlDeviceGetMemoryInfo_(gpu, NULL));
    END;
    RESULT("MemoryInfo_v2", nvmlDeviceGetMemoryInfo_v2_(gpu, &apart));
    printf(" %llu %llu %llu %llu", apart.total >> 20, apart.reserved >> 20, apart.used >> 20, apart.free >> 20);
    RESULT("; nowhere", nvmlDeviceGetMemoryInfo_v2_(gpu, NULL));
    apart.version = 7;
    RESULT("; of another version", nvmlDeviceGetMemoryInfo_v2_(gpu, &apart));
    END;
    RESULT("UtilizationRates", nvmlDeviceGetUtilizationRates_(gpu, &rates));
    printf(" %u %u\n", rates.gpu, rates.memory);
}

static void ask_processes(nvmlDevice_t gpu)
{
    FIND(nvmlDeviceGetComputeRunningProcesses_v3);
    FIND(nvmlDeviceGetGraphicsRunningProcesses_v3);
    FIND(nvmlDeviceGetProcessUtilization);
    nvmlProcessInfo_t processes[8];
    nvmlProcessUtilizationSample_t samples[256];
    unsigned int count = 0;

    RESULT("ComputeRunningProcesses without room", nvmlDeviceGetComputeRunningProcesses_v3_(gpu, &count, NULL));
    count = 8;
    RESULT("; with", nvmlDeviceGetComputeRunningProcesses_v3_(gpu, &count, processes));
    printf(" %u", count);
    RESULT("; no count", nvmlDeviceGetComputeRunningProcesses_v3_(gpu, NULL, processes));
    count = 8;
    RESULT("; graphics", nvmlDeviceGetGraphicsRunningProcesses_v3_(gpu, &count, processes));
    printf(" %u\n", count);
    count = 0;
    RESULT("ProcessUtilization without room", nvmlDeviceGetProcessUtilization_(gpu, NULL, &count, 0));
    printf(" %u", count);
    count = 1;
    RESULT("; with room for one", nvmlDeviceGetProcessUtilization_(gpu, samples, &count, 0));
    printf(" %u", count);
    count = 256;
    RESULT("; for more", nvmlDeviceGetProcessUtilization_(gpu, samples, &count, 0));
    printf(" %u", count);
    RESULT("; no count", nvmlDeviceGetProcessUtilization_(gpu, samples, NULL, 0));
    END;
}

static void ask_health(nvmlDevice_t gpu)
{
    FIND(nvmlDeviceGetPowerUsage);
    FIND(nvmlDeviceGetTemperature);
    FIND(nvmlDeviceGetEccMode);
    FIND(nvmlDeviceGetTotalEccErrors);
    unsigned int celsius = 0, power = 0;
    int current = 9, pending = 9;
    unsigned long long errors = 9;

    RESULT("PowerUsage", nvmlDeviceGetPowerUsage_(gpu, &power));
    END;
    RESULT("Temperature", nvmlDeviceGetTemperature_(gpu, 0, &celsius));
    RESULT("; of a sensor that is not there", nvmlDeviceGetTemperature_(gpu, 1, &celsius));
    END;
    RESULT("EccMode", nvmlDeviceGetEccMode_(gpu, &current, &pending));
    printf(" %d %d", current, pending);
    for (int type = 0; type < 3; type++)
        for (int counter = 0; counter < 3; counter++)
            RESULT("; errors", nvmlDeviceGetTotalEccErrors_(gpu, type, counter, &errors));
    printf(" %llu\n", errors);
}

void ask_gpu(nvmlDevice_t gpu)
{
    ask_text("Name", gpu, "nvmlDeviceGetName");
    ask_text("UUID", gpu, "nvmlDeviceGetUUID");
    ask_text("Serial", gpu, "nvmlDeviceGetSerial");
    ask_numbers(gpu);
    ask_place(gpu);
    ask_mig(gpu);
    ask_clocks(gpu);
    ask_use(gpu);
    ask_processes(gpu);
    ask_health(gpu);
}
