/* Starting the library, choosing GPUs, and what is said when that fails. */
#include "smi.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "12.550.163.01" or "550.163.01" -> "550.163", as the real tool names the library. */
static void library_version(char *text, size_t size)
{
    char full[TEXT_BYTES] = "N/A";
    char parts[4][TEXT_BYTES];

    nvmlSystemGetNVMLVersion(full, sizeof full);
    int n = sscanf(full, "%639[^.].%639[^.].%639[^.].%639[^.]", parts[0], parts[1], parts[2],
                   parts[3]);
    int first = n == 4 ? 1 : 0;
    if (n >= 2)
        snprintf(text, size, "%.31s.%.31s", parts[first], parts[first + 1]);
    else
        snprintf(text, size, "%.63s", full);
}

void cuda_version(char *text, size_t size)
{
    int version;

    if (nvmlSystemGetCudaDriverVersion_v2(&version) == NVML_SUCCESS)
        snprintf(text, size, "%d.%d", version / 1000, version % 1000 / 10);
    else
        snprintf(text, size, "N/A");
}

bool since_r580(void)
{
    char driver[TEXT_BYTES] = "";

    nvmlSystemGetDriverVersion(driver, sizeof driver);
    return strtoul(driver, NULL, 10) >= 580;
}

int start_nvml(void)
{
    char version[64];
    nvmlReturn_t status = nvmlInit_v2();

    switch (status) {
    case NVML_SUCCESS:
        return EXIT_OK;
    case NVML_ERROR_DRIVER_NOT_LOADED:
        puts("NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make "
             "sure that the latest NVIDIA driver is installed and running.\n");
        return status;
    default:
        printf("Failed to initialize NVML: %s\n", nvmlErrorString(status));
        if (status == NVML_ERROR_LIB_RM_VERSION_MISMATCH) {
            library_version(version, sizeof version);
            printf("NVML library version: %s\n", version);
        }
        return (int)status <= EXIT_OTHER ? (int)status : EXIT_OTHER;
    }
}

static void add(struct selection *selection, nvmlDevice_t device, unsigned int index,
                nvmlReturn_t status)
{
    if (selection->count == MAX_SELECTED)
        return;
    for (int i = 0; i < selection->count; i++)
        if (selection->gpu[i].device == device)
            return;
    selection->gpu[selection->count].device = device;
    selection->gpu[selection->count].index = index;
    selection->gpu[selection->count].status = status;
    selection->count++;
}

static bool there(nvmlReturn_t status)
{
    return status == NVML_SUCCESS || status == NVML_ERROR_GPU_IS_LOST;
}

static bool has_serial(nvmlDevice_t device, const char *id)
{
    char serial[TEXT_BYTES];

    return nvmlDeviceGetSerial(device, serial, sizeof serial) == NVML_SUCCESS &&
           strcmp(serial, id) == 0;
}

static void add_by_id(struct selection *selection, const char *id)
{
    nvmlDevice_t device;
    char *end;
    unsigned long number = strtoul(id, &end, 10);
    bool is_number = *id && !*end;
    unsigned int count = 0;
    nvmlReturn_t status = NVML_ERROR_NOT_FOUND;

    nvmlDeviceGetCount_v2(&count);
    if (is_number && number < count) {
        status = nvmlDeviceGetHandleByIndex_v2((unsigned int)number, &device);
        if (there(status))
            add(selection, device, (unsigned int)number, status);
        return;
    }
    /* Through every GPU rather than by UUID directly: the index is wanted, too. */
    for (unsigned int index = 0; index < count; index++) {
        nvmlDevice_t wanted = NULL;
        nvmlReturn_t found = nvmlDeviceGetHandleByIndex_v2(index, &device);
        if (!there(found))
            continue;
        if (!there(nvmlDeviceGetHandleByUUID(id, &wanted)))
            nvmlDeviceGetHandleByPciBusId_v2(id, &wanted);
        if (wanted == device || has_serial(device, id)) {
            add(selection, device, index, found);
            return;
        }
    }
}

/* `ids` is a comma list of index, UUID, serial or bus id; NULL means every GPU. */
int select_gpus(const char *ids, struct selection *selection)
{
    selection->count = 0;
    if (ids && !*ids) {
        fputs("Failed to parse device string on command line", stdout);
        return EXIT_OTHER;
    }
    if (ids) {
        char *list = strdup(ids);
        char *rest = list;
        for (const char *id; (id = strsep(&rest, ","));)
            add_by_id(selection, id);
        free(list);
    } else {
        unsigned int count = 0;
        nvmlDeviceGetCount_v2(&count);
        for (unsigned int index = 0; index < count; index++) {
            nvmlDevice_t device;
            nvmlReturn_t status = nvmlDeviceGetHandleByIndex_v2(index, &device);
            if (there(status))
                add(selection, device, index, status);
        }
    }
    if (selection->count > 0)
        return EXIT_OK;
    puts("No devices were found");
    return EXIT_NOT_FOUND;
}

/* The text of R550 for a GPU that fell off the bus; older ones say "GPU is lost." */
void print_lost(nvmlDevice_t device, nvmlReturn_t status)
{
    nvmlPciInfo_t pci = {0};

    nvmlDeviceGetPciInfo_v3(device, &pci);
    printf("Unable to determine the device handle for GPU%s: %s\n", pci.busIdLegacy,
           status == NVML_ERROR_GPU_IS_LOST ? "Unknown Error" : nvmlErrorString(status));
}

/* One lost GPU among those asked for ends the command, as on real machines. */
int refuse_lost(const struct selection *selection)
{
    for (int i = 0; i < selection->count; i++)
        if (selection->gpu[i].status != NVML_SUCCESS) {
            print_lost(selection->gpu[i].device, selection->gpu[i].status);
            return EXIT_GPU_LOST;
        }
    return EXIT_OK;
}
