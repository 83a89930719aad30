/*
 * gpu-probe: what a process may do with the GPUs, as one line of JSON.
 *
 *   {"cuda_visible_devices": string or null,
 *    "nodes": {"0": "OK" or an errno name, ...},
 *    "nvml": [{"index", "uuid", "name", "minor"}, ...] or {"error": text}}
 *
 * The same binary serves mock and real cards. Where a mock state file is there
 * (mock mode) it takes the mock library that lies beside it; else it leaves the
 * search to the loader, so an image that holds both never mixes them up.
 */
#define _GNU_SOURCE
#include "nvml/nvml.h"
#include "nvml/state.h"

#include <ctype.h>
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_NODES 1024
#define NAME_BYTES 1024

/* Bytes beyond ASCII are not worth carrying: what matters here is plain text. */
static void print_string(const char *text)
{
    putchar('"');
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        if (*c == '"' || *c == '\\')
            printf("\\%c", *c);
        else if (*c < 0x20 || *c == 0x7F)
            printf("\\u%04x", *c);
        else if (*c >= 0x80)
            fputs("\\ufffd", stdout);
        else
            putchar(*c);
    }
    putchar('"');
}

/* strerrorname_np came with glibc 2.32; older systems are served, too. */
static const char *errno_name(int error)
{
    static const struct {
        int number;
        const char *name;
    } names[] = {
        {EPERM, "EPERM"},     {ENOENT, "ENOENT"}, {ENXIO, "ENXIO"},   {EACCES, "EACCES"},
        {EBUSY, "EBUSY"},     {ENODEV, "ENODEV"}, {EIO, "EIO"},       {EINVAL, "EINVAL"},
        {EISDIR, "EISDIR"},   {ELOOP, "ELOOP"},   {EMFILE, "EMFILE"}, {EROFS, "EROFS"},
        {ENOTDIR, "ENOTDIR"}, {ENOMEM, "ENOMEM"}, {EAGAIN, "EAGAIN"},
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].number == error)
            return names[i].name;
    return "EOTHER";
}

static int compare_numbers(const void *a, const void *b)
{
    long x = *(const long *)a, y = *(const long *)b;

    return (x > y) - (x < y);
}

/* The numbers of all entries named nvidia<number>, sorted. */
static size_t find_nodes(const char *folder, long numbers[MAX_NODES])
{
    DIR *dir = opendir(folder);
    size_t n = 0;

    if (!dir)
        return 0;
    for (struct dirent *entry; n < MAX_NODES && (entry = readdir(dir));) {
        const char *digits = entry->d_name + strlen("nvidia");
        if (strncmp(entry->d_name, "nvidia", strlen("nvidia")) == 0 && *digits &&
            digits[strspn(digits, "0123456789")] == '\0')
            numbers[n++] = strtol(digits, NULL, 10);
    }
    closedir(dir);
    qsort(numbers, n, sizeof *numbers, compare_numbers);
    return n;
}

static void print_nodes(void)
{
    const char *folder = getenv("MOCKGPU_DEV");
    long numbers[MAX_NODES];
    char path[PATH_MAX];

    if (!folder || !*folder)
        folder = "/dev";
    size_t n = find_nodes(folder, numbers);
    for (size_t i = 0; i < n; i++) {
        snprintf(path, sizeof path, "%s/nvidia%ld", folder, numbers[i]);
        int fd = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
        printf("%s\"%ld\":\"%s\"", i > 0 ? "," : "", numbers[i],
               fd >= 0 ? "OK" : errno_name(errno));
        if (fd >= 0)
            close(fd);
    }
}

static void *open_library(void)
{
    const char *state = getenv("MOCKGPU_STATE");

    if (access(state && *state ? state : STATE_DEFAULT_PATH, F_OK) == 0)
        return dlopen("$ORIGIN/../lib/libnvidia-ml.so.1", RTLD_NOW);
    return dlopen("libnvidia-ml.so.1", RTLD_NOW);
}

/* The functions asked for, by the types of our own prototypes. */
static struct {
    __typeof__(nvmlInit_v2) *init;
    __typeof__(nvmlErrorString) *error_string;
    __typeof__(nvmlDeviceGetCount_v2) *count;
    __typeof__(nvmlDeviceGetHandleByIndex_v2) *by_index;
    __typeof__(nvmlDeviceGetUUID) *uuid;
    __typeof__(nvmlDeviceGetName) *name;
    __typeof__(nvmlDeviceGetMinorNumber) *minor;
} nvml;

static bool find_functions(void *library)
{
    return (nvml.init = dlsym(library, "nvmlInit_v2")) &&
           (nvml.error_string = dlsym(library, "nvmlErrorString")) &&
           (nvml.count = dlsym(library, "nvmlDeviceGetCount_v2")) &&
           (nvml.by_index = dlsym(library, "nvmlDeviceGetHandleByIndex_v2")) &&
           (nvml.uuid = dlsym(library, "nvmlDeviceGetUUID")) &&
           (nvml.name = dlsym(library, "nvmlDeviceGetName")) &&
           (nvml.minor = dlsym(library, "nvmlDeviceGetMinorNumber"));
}

static void print_error(const char *text)
{
    fputs("{\"error\":", stdout);
    print_string(text);
    putchar('}');
}

static void print_gpu(unsigned int index)
{
    nvmlDevice_t device;
    char uuid[NAME_BYTES], name[NAME_BYTES];
    unsigned int minor;
    nvmlReturn_t status = nvml.by_index(index, &device);

    if (status == NVML_SUCCESS)
        status = nvml.uuid(device, uuid, sizeof uuid);
    if (status == NVML_SUCCESS)
        status = nvml.name(device, name, sizeof name);
    if (status == NVML_SUCCESS)
        status = nvml.minor(device, &minor);
    printf("{\"index\":%u,", index);
    if (status == NVML_SUCCESS) {
        fputs("\"uuid\":", stdout);
        print_string(uuid);
        fputs(",\"name\":", stdout);
        print_string(name);
        printf(",\"minor\":%u}", minor);
    } else {
        fputs("\"error\":", stdout);
        print_string(nvml.error_string(status));
        putchar('}');
    }
}

static void print_nvml(void)
{
    void *library = open_library();
    unsigned int count = 0;

    if (!library || !find_functions(library)) {
        print_error(dlerror());
        return;
    }
    nvmlReturn_t status = nvml.init();
    if (status == NVML_SUCCESS)
        status = nvml.count(&count);
    if (status != NVML_SUCCESS) {
        print_error(nvml.error_string(status));
        return;
    }
    putchar('[');
    for (unsigned int index = 0; index < count; index++) {
        if (index > 0)
            putchar(',');
        print_gpu(index);
    }
    putchar(']');
}

int main(void)
{
    const char *visible = getenv("CUDA_VISIBLE_DEVICES");

    fputs("{\"cuda_visible_devices\":", stdout);
    if (visible)
        print_string(visible);
    else
        fputs("null", stdout);
    fputs(",\"nodes\":{", stdout);
    print_nodes();
    fputs("},\"nvml\":", stdout);
    print_nvml();
    puts("}");
    return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
