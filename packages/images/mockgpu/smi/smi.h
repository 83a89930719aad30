/* A client of the mock NVML library that looks and exits like NVIDIA's nvidia-smi of R550, or R580. */
#ifndef MOCKGPU_SMI_H
#define MOCKGPU_SMI_H

#include "../nvml/nvml.h"

#include <stdbool.h>
#include <stddef.h>

#define MAX_SELECTED 64
#define TEXT_BYTES 640

/* Exit codes, as its manual page lists them. */
enum { EXIT_OK = 0, EXIT_BAD_ARGUMENT = 2, EXIT_NOT_FOUND = 6, EXIT_GPU_LOST = 15, EXIT_OTHER = 255 };

/* The GPUs that a command is about, in the order to print them. */
struct selection {
    int count;
    struct {
        nvmlDevice_t device;
        unsigned int index;
        nvmlReturn_t status; /* NVML_ERROR_GPU_IS_LOST: it is there and does not answer */
    } gpu[MAX_SELECTED];
};

/* Rounded up, as the real tool does it. */
static inline unsigned long long mebibytes(unsigned long long bytes)
{
    return (bytes + (1 << 20) - 1) >> 20;
}

/* A figure and how it went: NVML_SUCCESS, or why there is none. */
struct cell {
    nvmlReturn_t status;
    char text[TEXT_BYTES];
};

/* smi_select.c */
int start_nvml(void); /* EXIT_OK, or the failure is printed and this is the exit code */
bool since_r580(void); /* the state's driver is of a branch that prints as R580 does */
int select_gpus(const char *ids, struct selection *selection);
int refuse_lost(const struct selection *selection);
void print_lost(nvmlDevice_t device, nvmlReturn_t status);

/* smi_list.c */
int print_list(void);
int print_versions(void);
void cuda_version(char *text, size_t size);

/* smi_table.c */
int print_table(const char *ids);
void print_mig_table(const struct selection *selection);
void print_process_table(const struct selection *selection);

/* smi_query.c, smi_fields.c */
int print_gpu_query(const char *ids, const char *fields, const char *format);
int print_process_query(const char *ids, const char *fields, const char *format);

struct field {
    const char *name;  /* as it stands in the header */
    const char *alias; /* another name for it, or NULL */
    const char *unit;  /* "MiB", "%", ... or NULL */
    void (*read)(nvmlDevice_t device, struct cell *cell);
};
const struct field *find_gpu_field(const char *name);

/* smi_log.c */
int print_log(const char *ids, const char *sections);

/* smi_process.c: the processes of a GPU and of its MIG devices */
#define MAX_LISTED 128
unsigned int list_processes(nvmlDevice_t device, nvmlProcessInfo_t processes[MAX_LISTED]);
/* By number, as reports have them; queries do not. */
void sort_processes(nvmlProcessInfo_t *processes, unsigned int count);
void process_name(unsigned int pid, char *name, size_t size);

#endif
