/* -L and --version */
#include "smi.h"

#include <stdio.h>
#include <string.h>

static void print_mig_lines(nvmlDevice_t gpu)
{
    unsigned int most = 0;

    nvmlDeviceGetMaxMigDeviceCount(gpu, &most);
    for (unsigned int i = 0; i < most; i++) {
        nvmlDevice_t mig;
        char name[2 * TEXT_BYTES] = "", uuid[TEXT_BYTES] = "";

        if (nvmlDeviceGetMigDeviceHandleByIndex(gpu, i, &mig) != NVML_SUCCESS)
            continue;
        nvmlDeviceGetName(mig, name, sizeof name);
        nvmlDeviceGetUUID(mig, uuid, sizeof uuid);
        const char *profile = strstr(name, " MIG ");
        printf("  MIG %-12sDevice %2u: (UUID: %s)\n", profile ? profile + 5 : name, i, uuid);
    }
}

/* Alone among the commands it succeeds where there is no GPU, and says so in words of its own. */
int print_list(void)
{
    struct selection selection;
    unsigned int count = 0;
    int code = EXIT_OK;

    nvmlDeviceGetCount_v2(&count);
    if (count == 0) {
        puts("No devices found.");
        return EXIT_OK;
    }
    select_gpus(NULL, &selection);
    for (int i = 0; i < selection.count; i++) {
        nvmlDevice_t gpu = selection.gpu[i].device;
        char name[TEXT_BYTES] = "", uuid[TEXT_BYTES] = "";

        if (selection.gpu[i].status != NVML_SUCCESS) {
            print_lost(gpu, selection.gpu[i].status);
            code = EXIT_GPU_LOST;
            continue;
        }
        nvmlDeviceGetName(gpu, name, sizeof name);
        nvmlDeviceGetUUID(gpu, uuid, sizeof uuid);
        printf("GPU %u: %s (UUID: %s)\n", selection.gpu[i].index, name, uuid);
        print_mig_lines(gpu);
    }
    return code;
}

int print_versions(void)
{
    char driver[TEXT_BYTES] = "N/A", cuda[32];
    unsigned int major, minor;

    nvmlSystemGetDriverVersion(driver, sizeof driver);
    cuda_version(cuda, sizeof cuda);
    printf("NVIDIA-SMI version  : %s\n", driver);
    if (sscanf(driver, "%9u.%9u", &major, &minor) == 2)
        printf("NVML version        : %u.%u\n", major, minor);
    else
        printf("NVML version        : %s\n", driver);
    printf("DRIVER version      : %s\nCUDA Version        : %s\n", driver, cuda);
    return EXIT_OK;
}
