/*
 * Calls every function of an NVML library that only reads, with good and with wrong arguments,
 * and prints each result with its values. The library's path is the argument; GPU 0 is idle and
 * has MIG off. What it printed on real cards is in ../golden/real-*.
 */
#define _GNU_SOURCE
#include "calls.h"

#include <ctype.h>
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void *library;

void *find(const char *name)
{
    void *function = dlsym(library, name);

    if (!function) {
        printf("%s is not there\n", name);
        exit(1);
    }
    return function;
}

static void print_error_texts(void)
{
    FIND(nvmlErrorString);

    for (int code = 0; code < 32; code++)
        printf("%d is %s\n", code, nvmlErrorString_((nvmlReturn_t)code));
    printf("999 is %s\n", nvmlErrorString_((nvmlReturn_t)999));
}

static void ask_version(const char *label, nvmlReturn_t (*ask)(char *, unsigned int))
{
    char text[96] = "";

    printf("%s: ", label);
    RESULT("room 96", ask(text, sizeof text));
    printf(" '%s'", text);
    RESULT("; room 5", ask(text, 5));
    RESULT("; no room", ask(NULL, 96));
    END;
}

static void ask_process_names(void)
{
    FIND(nvmlSystemGetProcessName);
    char name[96] = "";
    pid_t ended = fork();

    if (ended == 0)
        _exit(0);
    RESULT("ProcessName of itself", nvmlSystemGetProcessName_((unsigned int)getpid(), name, 5));
    printf(" %zu letters", strlen(name));
    RESULT("; of none", nvmlSystemGetProcessName_(4000000, name, sizeof name));
    RESULT("; no room", nvmlSystemGetProcessName_(1, NULL, sizeof name));
    END;
    usleep(200000); /* until it is a zombie, which nothing tells of without ending it */
    RESULT("ProcessName of one that has ended", nvmlSystemGetProcessName_((unsigned int)ended, name, sizeof name));
    END;
}

static void ask_system(void)
{
    FIND(nvmlSystemGetDriverVersion);
    FIND(nvmlSystemGetNVMLVersion);
    FIND(nvmlSystemGetCudaDriverVersion);
    FIND(nvmlSystemGetCudaDriverVersion_v2);
    FIND(nvmlDeviceGetCount_v2);
    FIND(nvmlDeviceGetHandleByIndex_v2);
    int cuda = 0;
    unsigned int count = 0;
    nvmlDevice_t device;

    ask_version("DriverVersion", nvmlSystemGetDriverVersion_);
    ask_version("NVMLVersion", nvmlSystemGetNVMLVersion_);
    RESULT("CudaDriverVersion", nvmlSystemGetCudaDriverVersion_(&cuda));
    RESULT("; _v2", nvmlSystemGetCudaDriverVersion_v2_(&cuda));
    printf(" %d", cuda);
    RESULT("; nowhere", nvmlSystemGetCudaDriverVersion_v2_(NULL));
    END;
    RESULT("Count", nvmlDeviceGetCount_v2_(&count));
    printf(" %u", count);
    RESULT("; nowhere", nvmlDeviceGetCount_v2_(NULL));
    END;
    RESULT("HandleByIndex 0", nvmlDeviceGetHandleByIndex_v2_(0, &device));
    RESULT("; 1", nvmlDeviceGetHandleByIndex_v2_(1, &device));
    RESULT("; nowhere", nvmlDeviceGetHandleByIndex_v2_(0, NULL));
    END;
    ask_process_names();
}

static void ask_handles(nvmlDevice_t gpu)
{
    FIND(nvmlDeviceGetUUID);
    FIND(nvmlDeviceGetPciInfo_v3);
    FIND(nvmlDeviceGetHandleByUUID);
    FIND(nvmlDeviceGetHandleByPciBusId_v2);
    char uuid[96] = "";
    nvmlPciInfo_t pci = {0};
    nvmlDevice_t found = NULL;

    nvmlDeviceGetUUID_(gpu, uuid, sizeof uuid);
    nvmlDeviceGetPciInfo_v3_(gpu, &pci);
    RESULT("HandleByUUID", nvmlDeviceGetHandleByUUID_(uuid, &found));
    printf(found == gpu ? " the same" : " another");
    for (char *c = uuid + strlen("GPU-"); *c; c++)
        *c = (char)toupper(*c);
    RESULT("; in capitals", nvmlDeviceGetHandleByUUID_(uuid, &found));
    RESULT("; of none", nvmlDeviceGetHandleByUUID_("GPU-none", &found));
    RESULT("; empty", nvmlDeviceGetHandleByUUID_("", &found));
    RESULT("; missing", nvmlDeviceGetHandleByUUID_(NULL, &found));
    END;
    RESULT("HandleByPciBusId", nvmlDeviceGetHandleByPciBusId_v2_(pci.busId, &found));
    RESULT("; short", nvmlDeviceGetHandleByPciBusId_v2_(pci.busIdLegacy, &found));
    RESULT("; without its domain", nvmlDeviceGetHandleByPciBusId_v2_(pci.busIdLegacy + 5, &found));
    RESULT("; of none", nvmlDeviceGetHandleByPciBusId_v2_("0000:FE:1F.0", &found));
    RESULT("; nonsense", nvmlDeviceGetHandleByPciBusId_v2_("nonsense", &found));
    RESULT("; missing", nvmlDeviceGetHandleByPciBusId_v2_(NULL, &found));
    END;
}

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOLBF, 0); /* what it said stands even where the library crashes */
    library = argc > 1 ? dlopen(argv[1], RTLD_NOW) : NULL;
    if (!library) {
        printf("%s\n", argc > 1 ? dlerror() : "usage: nvml-calls LIBRARY");
        return 1;
    }
    FIND(nvmlInit_v2);
    FIND(nvmlInitWithFlags);
    FIND(nvmlShutdown);
    FIND(nvmlDeviceGetHandleByIndex_v2);
    nvmlDevice_t gpu = NULL;

    print_error_texts();
    RESULT("Shutdown before Init", nvmlShutdown_());
    END;
    ask_system();
    RESULT("Init", nvmlInit_v2_());
    RESULT("; with flags", nvmlInitWithFlags_(1));
    RESULT("; with wrong ones", nvmlInitWithFlags_(12345));
    END;
    ask_system();
    if (nvmlDeviceGetHandleByIndex_v2_(0, &gpu) == NVML_SUCCESS) {
        ask_gpu(gpu);
        ask_handles(gpu);
    }
    for (int i = 0; i < 4; i++)
        RESULT(i == 0 ? "Shutdown" : ";", nvmlShutdown_());
    END;
    return 0;
}
