#define _GNU_SOURCE
#include "call.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/*
 * All that the library remembers between calls. An atomic and no lock: a child
 * forked while another thread is inside the library must not find a held lock.
 */
static atomic_int open_count;

void library_opened(void)
{
    atomic_fetch_add(&open_count, 1);
}

nvmlReturn_t library_closed(void)
{
    int count = atomic_load(&open_count);

    while (count > 0)
        if (atomic_compare_exchange_weak(&open_count, &count, count - 1))
            return NVML_SUCCESS;
    return NVML_ERROR_UNINITIALIZED;
}

static void sleep_ms(long milliseconds)
{
    struct timespec left = {milliseconds / 1000, milliseconds % 1000 * 1000000};

    while (nanosleep(&left, &left) != 0 && errno == EINTR)
        ; /* a stuck driver does not return because a signal came */
}

void call_read(struct call *call)
{
    call->gpu = -1;
    call->mig = -1;
    state_read(&call->state);
    sleep_ms(state_number(&call->state, "sys.delay_ms", 0, 0, 3600000));
}

nvmlReturn_t call_system(struct call *call)
{
    call_read(call);
    return atomic_load(&open_count) > 0 ? NVML_SUCCESS : NVML_ERROR_UNINITIALIZED;
}

/*
 * A handle is a number in a pointer: physical GPU + 1, plus HANDLE_STEP for
 * each MIG device + 1. It names the same GPU for ever, whatever the state file
 * says later, needs no memory, and NULL is never valid.
 */
enum { HANDLE_STEP = 1024 };
static_assert(MAX_GPUS < HANDLE_STEP, "a GPU's number fits below the MIG part of a handle");

nvmlDevice_t handle_of(int gpu, int mig)
{
    return (nvmlDevice_t)(intptr_t)(gpu + 1 + HANDLE_STEP * (mig + 1));
}

nvmlReturn_t call_handle(struct call *call, nvmlDevice_t device)
{
    intptr_t number = (intptr_t)device;

    TRY(call_system(call));
    if (number <= 0 || number >= (intptr_t)HANDLE_STEP * (MAX_MIG_DEVICES + 1))
        return NVML_ERROR_INVALID_ARGUMENT;
    call->gpu = (int)(number % HANDLE_STEP) - 1;
    call->mig = (int)(number / HANDLE_STEP) - 1;
    if (call->gpu < 0 || call->gpu >= gpu_count(call))
        return NVML_ERROR_INVALID_ARGUMENT;
    return NVML_SUCCESS;
}

nvmlReturn_t call_device(struct call *call, nvmlDevice_t device)
{
    TRY(call_handle(call, device));
    if (gpu_has_fault(call, call->gpu, "lost") || gpu_has_fault(call, call->gpu, "gone"))
        return NVML_ERROR_GPU_IS_LOST;
    if (call->mig >= mig_device_count(call, call->gpu) && call->mig >= 0)
        return NVML_ERROR_INVALID_ARGUMENT;
    return NVML_SUCCESS;
}

int gpu_count(const struct call *call)
{
    return (int)state_number(&call->state, "sys.gpus", 0, 0, MAX_GPUS);
}

bool gpu_has_fault(const struct call *call, int gpu, const char *fault)
{
    char faults[STATE_VALUE_BYTES];
    char *rest = faults;
    const char *word;

    if (!gpu_get(&call->state, gpu, "fault", faults, sizeof faults))
        return false;
    while ((word = strsep(&rest, ",")))
        if (strcmp(word, fault) == 0)
            return true;
    return false;
}

/*
 * As the real driver does it: a GPU whose node cannot be opened is not listed.
 * A node that opens, or that is there and allowed but has no driver behind it
 * (ENXIO, ENODEV, EIO), counts as visible; one that the device cgroup denies
 * (EPERM), that permissions deny (EACCES) or that is missing (ENOENT) does not.
 */
bool gpu_visible(const struct call *call, int gpu)
{
    const char *folder = getenv("MOCKGPU_DEV");
    char path[PATH_MAX];

    if (gpu_has_fault(call, gpu, "gone"))
        return false;
    snprintf(path, sizeof path, "%s/nvidia%ld", folder && *folder ? folder : "/dev",
             gpu_number(&call->state, gpu, "minor", gpu, 0, INT_MAX));
    int fd = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
    if (fd >= 0) {
        close(fd);
        return true;
    }
    return errno == ENXIO || errno == ENODEV || errno == EIO;
}

int mig_device_count(const struct call *call, int gpu)
{
    return (int)gpu_number(&call->state, gpu, "mig", -1, -1, MAX_MIG_DEVICES);
}

void fill_pci_info(const struct call *call, int gpu, nvmlPciInfo_t *pci)
{
    char text[STATE_VALUE_BYTES];
    unsigned int domain = 0, bus = 0x10 + (unsigned int)gpu, device = 0;

    if (gpu_get(&call->state, gpu, "pci", text, sizeof text))
        sscanf(text, "%8x:%2x:%2x", &domain, &bus, &device);
    memset(pci, 0, sizeof *pci);
    pci->domain = domain;
    pci->bus = bus & 0xFF;
    pci->device = device & 0xFF;
    pci->pciDeviceId = 0x20B010DE; /* an A100: only the vendor half ever matters here */
    pci->pciSubSystemId = 0x144E10DE;
    snprintf(pci->busIdLegacy, sizeof pci->busIdLegacy, "%04X:%02X:%02X.0", domain & 0xFFFF,
             pci->bus, pci->device);
    snprintf(pci->busId, sizeof pci->busId, "%08X:%02X:%02X.0", domain, pci->bus, pci->device);
}

bool call_get(const struct call *call, const char *key, char *value, size_t size)
{
    char full[64];

    if (call->mig < 0)
        return gpu_get(&call->state, call->gpu, key, value, size);
    snprintf(full, sizeof full, "mig.%d.%s", call->mig, key);
    return gpu_get(&call->state, call->gpu, full, value, size);
}

long call_number(const struct call *call, const char *key, long fallback, long low, long high)
{
    char full[64];

    if (call->mig < 0)
        return gpu_number(&call->state, call->gpu, key, fallback, low, high);
    snprintf(full, sizeof full, "mig.%d.%s", call->mig, key);
    return gpu_number(&call->state, call->gpu, full, fallback, low, high);
}

nvmlReturn_t put_text(char *out, unsigned int length, const char *text)
{
    size_t needed = strlen(text) + 1;

    if (!out)
        return NVML_ERROR_INVALID_ARGUMENT;
    if (needed > length)
        return NVML_ERROR_INSUFFICIENT_SIZE;
    memcpy(out, text, needed);
    return NVML_SUCCESS;
}

nvmlReturn_t put_uint(unsigned int *out, long number)
{
    if (!out)
        return NVML_ERROR_INVALID_ARGUMENT;
    *out = (unsigned int)number;
    return NVML_SUCCESS;
}
