/* Start, stop, versions, error texts, process names. */
#include "call.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

nvmlReturn_t nvmlInit_v2(void)
{
    struct call call;

    call_read(&call);
    long refused = state_number(&call.state, "sys.init_rc", 0, 0, NVML_ERROR_UNKNOWN);
    if (refused != NVML_SUCCESS)
        return (nvmlReturn_t)refused;
    library_opened();
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlInit(void)
{
    return nvmlInit_v2();
}

nvmlReturn_t nvmlInitWithFlags(unsigned int flags)
{
    (void)flags;
    return nvmlInit_v2();
}

nvmlReturn_t nvmlShutdown(void)
{
    return library_closed();
}

const char *nvmlErrorString(nvmlReturn_t result)
{
    /* By number; as R580 says them. */
    static const char *const texts[] = {
        "Success",
        "Uninitialized",
        "Invalid Argument",
        "Not Supported",
        "Insufficient Permissions",
        "Already Initialized",
        "Not Found",
        "Insufficient Size",
        "Insufficient External Power",
        "Driver Not Loaded",
        "Timeout",
        "Interrupt Request Issue",
        "NVML Shared Library Not Found",
        "Function Not Found",
        "Corrupted infoROM",
        "GPU is lost",
        "GPU requires reset",
        "GPU access blocked by the operating system",
        "Driver/library version mismatch",
        "In use by another client",
        "Insufficient Memory",
        "No data",
        "vGPU ECC not supported",
        "Insufficient Resources",
        "Invalid Frequency",
        "Argument version mismatch",
        "Requested functionality has been deprecated",
        "System is not in ready state",
        "No supported GPUs were found",
        "Resource not in correct state to perform requested operation",
        "Reset type is not supported for given device",
    };
    size_t number = (unsigned int)result;

    return number < sizeof texts / sizeof *texts ? texts[number] : "Unknown Error";
}

nvmlReturn_t nvmlSystemGetDriverVersion(char *version, unsigned int length)
{
    struct call call;
    char text[STATE_VALUE_BYTES] = DEFAULT_DRIVER;

    TRY(call_system(&call));
    state_get(&call.state, "sys.driver", text, sizeof text);
    return put_text(version, length, text);
}

/*
 * Unlike the other queries this one answers before nvmlInit, too: the version
 * is the library's own, and the report of a failed start names it.
 */
nvmlReturn_t nvmlSystemGetNVMLVersion(char *version, unsigned int length)
{
    struct call call;
    char driver[STATE_VALUE_BYTES] = DEFAULT_DRIVER;
    char text[STATE_VALUE_BYTES + 32];

    call_read(&call);
    if (!state_get(&call.state, "sys.nvml", text, STATE_VALUE_BYTES)) {
        long cuda = state_number(&call.state, "sys.cuda", 12040, 0, INT_MAX);
        state_get(&call.state, "sys.driver", driver, sizeof driver);
        snprintf(text, sizeof text, "%ld.%s", cuda / 1000, driver);
    }
    return put_text(version, length, text);
}

nvmlReturn_t nvmlSystemGetCudaDriverVersion_v2(int *version)
{
    struct call call;

    TRY(call_system(&call));
    if (!version)
        return NVML_ERROR_INVALID_ARGUMENT;
    *version = (int)state_number(&call.state, "sys.cuda", 12040, 0, INT_MAX);
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlSystemGetCudaDriverVersion(int *version)
{
    return nvmlSystemGetCudaDriverVersion_v2(version);
}

/* The program's name as it was called: the first string of its command line. */
nvmlReturn_t nvmlSystemGetProcessName(unsigned int pid, char *name, unsigned int length)
{
    struct call call;
    char path[64], text[1024];

    TRY(call_system(&call));
    if (!name || length == 0)
        return NVML_ERROR_INVALID_ARGUMENT;
    snprintf(path, sizeof path, "/proc/%u/cmdline", pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return NVML_ERROR_NOT_FOUND;
    ssize_t got = read(fd, text, sizeof text - 1);
    close(fd);
    if (got <= 0) /* a zombie or a kernel thread has no command line */
        return NVML_ERROR_NO_DATA;
    text[got] = '\0';
    snprintf(name, length, "%s", text);
    return NVML_SUCCESS;
}
