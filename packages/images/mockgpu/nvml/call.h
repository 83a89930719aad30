/* What the NVML functions share: how a call begins, handles, and answers. */
#ifndef MOCKGPU_CALL_H
#define MOCKGPU_CALL_H

#include "nvml.h"
#include "state.h"

#define MAX_GPUS 64
#define MAX_MIG_DEVICES 7
#define DEFAULT_GPU_NAME "NVIDIA A100-SXM4-40GB"
#define DEFAULT_DRIVER "550.163.01"

/* One call into the library: the state as it was when the call began. */
struct call {
    struct state state;
    int gpu; /* physical number, the N of "gpu.N." in the state file */
    int mig; /* MIG device of that GPU, or -1 for the GPU itself */
};

#define TRY(expression)                                                                            \
    do {                                                                                           \
        nvmlReturn_t try_result = (expression);                                                    \
        if (try_result != NVML_SUCCESS)                                                            \
            return try_result;                                                                     \
    } while (0)

/* How many nvmlInit calls are not yet matched by nvmlShutdown. */
void library_opened(void);
nvmlReturn_t library_closed(void);

/* Reads the state and, where sys.delay_ms says so, sleeps. */
void call_read(struct call *call);
/* call_read, and the library must be initialised. */
nvmlReturn_t call_system(struct call *call);
/* call_system, and `device` names a GPU or MIG device, be it lost or not. */
nvmlReturn_t call_handle(struct call *call, nvmlDevice_t device);
/* call_handle, and the GPU answers. What nearly every device function begins with. */
nvmlReturn_t call_device(struct call *call, nvmlDevice_t device);

nvmlDevice_t handle_of(int gpu, int mig);
int gpu_count(const struct call *call);
bool gpu_visible(const struct call *call, int gpu);
bool gpu_has_fault(const struct call *call, int gpu, const char *fault);
int mig_device_count(const struct call *call, int gpu); /* -1: not capable of MIG */
void fill_pci_info(const struct call *call, int gpu, nvmlPciInfo_t *pci);

/* Keys of the GPU or MIG device that the call is about. */
bool call_get(const struct call *call, const char *key, char *value, size_t size);
long call_number(const struct call *call, const char *key, long fallback, long low, long high);

/* Answers through the caller's pointer, which may be NULL or too small. */
nvmlReturn_t put_text(char *out, unsigned int length, const char *text);
nvmlReturn_t put_uint(unsigned int *out, long number);

#endif
