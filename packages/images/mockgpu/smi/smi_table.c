/* The default table, 91 columns: R550's layout, off published output, and R580's, off real cards. */
#include "smi.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static const char top[] =
    "+-----------------------------------------------------------------------------------------+\n";
static const char gap[] =
    "                                                                                         \n";

static void print_head(void)
{
    char now[64], driver[TEXT_BYTES] = "N/A", cuda[32];
    time_t seconds = time(NULL);

    strftime(now, sizeof now, "%a %b %e %H:%M:%S %Y", localtime(&seconds));
    nvmlSystemGetDriverVersion(driver, sizeof driver);
    cuda_version(cuda, sizeof cuda);
    printf("%s       \n%s", now, top);
    printf("| NVIDIA-SMI %-22.22s Driver Version: %-14.14s CUDA Version: %-8.8s |\n", driver, driver,
           cuda);
    putchar(since_r580() ? '+' : '|');
    fputs("-----------------------------------------+------------------------+"
          "----------------------+\n"
          "| GPU  Name                 Persistence-M | Bus-Id          Disp.A |"
          " Volatile Uncorr. ECC |\n"
          "| Fan  Temp   Perf          Pwr:Usage/Cap |           Memory-Usage |"
          " GPU-Util  Compute M. |\n"
          "|                                         |                        |"
          "               MIG M. |\n"
          "|=========================================+========================+"
          "======================|\n",
          stdout);
}

/* Each helper writes a cell, or N/A where the GPU has no such figure. */
static void number_cell(char *cell, size_t size, nvmlReturn_t status, unsigned long long number,
                        const char *unit)
{
    if (status == NVML_SUCCESS)
        snprintf(cell, size, "%llu%s", number, unit);
    else
        snprintf(cell, size, "N/A");
}

static void ecc_cell(char *cell, size_t size, nvmlDevice_t gpu, bool mig_on)
{
    int current, pending;
    unsigned long long errors;
    nvmlReturn_t status = nvmlDeviceGetEccMode(gpu, &current, &pending);

    if (status != NVML_SUCCESS || !current || mig_on) {
        /* With MIG on, errors are counted per MIG device and only the mode stands here. */
        snprintf(cell, size, "%s", status != NVML_SUCCESS ? "N/A" : current ? "On" : "Off");
        return;
    }
    status = nvmlDeviceGetTotalEccErrors(gpu, NVML_MEMORY_ERROR_TYPE_UNCORRECTED, NVML_VOLATILE_ECC,
                                         &errors);
    number_cell(cell, size, status, errors, "");
}

static const char *compute_mode_brief(nvmlDevice_t gpu)
{
    static const char *const names[] = {"Default", "E. Thread", "Prohibited", "E. Process"};
    int mode;

    return nvmlDeviceGetComputeMode(gpu, &mode) == NVML_SUCCESS ? names[mode & 3] : "N/A";
}

static void print_gpu(nvmlDevice_t gpu, unsigned int index)
{
    char name[TEXT_BYTES] = "", fan[32], temp[32], perf[32], power[32], cap[32];
    char used[32], total[32], util[32], ecc[32];
    nvmlPciInfo_t pci = {0};
    nvmlMemory_v2_t memory = {.version = NVML_MEMORY_V2};
    nvmlUtilization_t rates = {0};
    unsigned int value, mig_on = 0, pending;
    int mode;
    nvmlReturn_t status;

    bool has_mig = nvmlDeviceGetMigMode(gpu, &mig_on, &pending) == NVML_SUCCESS;
    nvmlDeviceGetName(gpu, name, sizeof name);
    if (strlen(name) > 30)
        strcpy(name + 27, "...");
    nvmlDeviceGetPciInfo_v3(gpu, &pci);
    ecc_cell(ecc, sizeof ecc, gpu, has_mig && mig_on);
    status = nvmlDeviceGetPersistenceMode(gpu, &mode);
    printf("| %3u  %-30s %-3s |   %16s %3s | %20s |\n", index, name,
           status == NVML_SUCCESS && mode ? "On" : "Off", pci.busId, "Off", ecc);

    status = nvmlDeviceGetFanSpeed(gpu, &value);
    number_cell(fan, sizeof fan, status, value, "%");
    status = nvmlDeviceGetTemperature(gpu, NVML_TEMPERATURE_GPU, &value);
    number_cell(temp, sizeof temp, status, value, "");
    status = nvmlDeviceGetPerformanceState(gpu, &mode);
    snprintf(perf, sizeof perf, status == NVML_SUCCESS ? "P%d" : "N/A", mode);
    status = nvmlDeviceGetPowerUsage(gpu, &value);
    number_cell(power, sizeof power, status, value / 1000, "W");
    status = nvmlDeviceGetEnforcedPowerLimit(gpu, &value);
    number_cell(cap, sizeof cap, status, value / 1000, "W");
    status = nvmlDeviceGetMemoryInfo_v2(gpu, &memory);
    number_cell(used, sizeof used, status, mebibytes(memory.used), "MiB");
    number_cell(total, sizeof total, status, mebibytes(memory.total), "MiB");
    status = nvmlDeviceGetUtilizationRates(gpu, &rates);
    number_cell(util, sizeof util, status, rates.gpu, "%");
    printf("| %3s  %3sC    %-3s %14s / %5s | %10s / %9s | %7s  %11s |\n", fan, temp, perf, power,
           cap, used, total, util, compute_mode_brief(gpu));
    printf("| %39s | %22s | %20s |\n", "", "",
           !has_mig ? "N/A" : mig_on ? "Enabled" : "Disabled");
    fputs("+-----------------------------------------+------------------------+"
          "----------------------+\n",
          stdout);
}

/* "/long/path/to/program" -> "...ath/to/program": the end tells more than the start. */
static void shorten(char *name, size_t width)
{
    size_t length = strlen(name);

    if (length <= width)
        return;
    memmove(name + 3, name + length - (width - 3), width - 3 + 1);
    memcpy(name, "...", 3);
}

static void instance_cell(char *cell, size_t size, unsigned int id)
{
    if (id == NVML_NO_INSTANCE)
        snprintf(cell, size, "N/A");
    else
        snprintf(cell, size, "%2u ", id);
}

void print_process_table(const struct selection *selection)
{
    bool any = false, newer = since_r580();

    printf("%s%s", newer ? "\n" : gap, top);
    fputs("| Processes:                                                                              |\n",
          stdout);
    fputs(newer
              ? "|  GPU   GI   CI              PID   Type   Process name                        GPU Memory |\n"
              : "|  GPU   GI   CI        PID   Type   Process name                              GPU Memory |\n",
          stdout);
    fputs("|        ID   ID                                                               Usage      |\n"
          "|=========================================================================================|\n",
          stdout);
    for (int i = 0; i < selection->count; i++) {
        nvmlProcessInfo_t processes[MAX_LISTED];
        unsigned int n = list_processes(selection->gpu[i].device, processes);
        sort_processes(processes, n);
        for (unsigned int p = 0; p < n; p++) {
            char name[TEXT_BYTES], gi[32], ci[32], memory[32];
            process_name(processes[p].pid, name, sizeof name);
            shorten(name, newer ? 32 : 40);
            instance_cell(gi, sizeof gi, processes[p].gpuInstanceId);
            instance_cell(ci, sizeof ci, processes[p].computeInstanceId);
            number_cell(memory, sizeof memory, NVML_SUCCESS, processes[p].usedGpuMemory >> 20,
                        "MiB");
            printf("| %4u   %3s  %3s%*u      C   %-*s%12s |\n", selection->gpu[i].index, gi, ci,
                   newer ? 16 : 10, processes[p].pid, newer ? 34 : 40, name, memory);
            any = true;
        }
    }
    if (!any)
        puts("|  No running processes found                                                             |");
    fputs(top, stdout);
}

int print_table(const char *ids)
{
    struct selection selection;
    int code = select_gpus(ids, &selection);

    if (code == EXIT_OK)
        code = refuse_lost(&selection);
    if (code != EXIT_OK)
        return code;
    print_head();
    for (int i = 0; i < selection.count; i++)
        print_gpu(selection.gpu[i].device, selection.gpu[i].index);
    print_mig_table(&selection);
    print_process_table(&selection);
    return EXIT_OK;
}
