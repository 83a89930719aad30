/* The second table of the default view, there only while a GPU has MIG on. */
#include "smi.h"

#include <stdio.h>

static bool has_mig_on(nvmlDevice_t gpu)
{
    unsigned int current = 0, pending;

    return nvmlDeviceGetMigMode(gpu, &current, &pending) == NVML_SUCCESS && current;
}

/* As published: 8 GiB less one MiB for each 5 GB of the profile (1g.5gb: 8191, 3g.20gb: 32767). */
static unsigned long long bar1_mebibytes(unsigned long long memory_mebibytes)
{
    unsigned long long parts = (memory_mebibytes + 256) / 5000;

    return parts * 8192 - (parts > 0);
}

static void print_mig_device(nvmlDevice_t mig, unsigned int gpu_index, unsigned int mig_index)
{
    nvmlDeviceAttributes_t size = {0};
    nvmlMemory_t memory = {0};
    unsigned int gi = 0, ci = 0;

    nvmlDeviceGetAttributes_v2(mig, &size);
    nvmlDeviceGetMemoryInfo(mig, &memory);
    nvmlDeviceGetGpuInstanceId(mig, &gi);
    nvmlDeviceGetComputeInstanceId(mig, &ci);
    printf("| %2u  %3u  %2u  %2u  | %15lluMiB / %5lluMiB    | %2u      0 | %2u  %2u   %2u   %2u   %2u |\n",
           gpu_index, gi, ci, mig_index, memory.used >> 20, memory.total >> 20,
           size.multiprocessorCount, size.sharedCopyEngineCount, size.sharedEncoderCount,
           size.sharedDecoderCount, size.sharedOfaCount, size.sharedJpegCount);
    printf("|                  | %17lluMiB / %5lluMiB  |           |                       |\n", 0ull,
           bar1_mebibytes(size.memorySizeMB));
    puts("+------------------+----------------------------------+-----------+-----------------------+");
}

void print_mig_table(const struct selection *selection)
{
    bool wanted = false, any = false;

    for (int i = 0; i < selection->count; i++)
        wanted = wanted || has_mig_on(selection->gpu[i].device);
    if (!wanted)
        return;
    puts("                                                                                         ");
    puts("+-----------------------------------------------------------------------------------------+");
    puts("| MIG devices:                                                                            |");
    puts("+------------------+----------------------------------+-----------+-----------------------+");
    puts("| GPU  GI  CI  MIG |                     Memory-Usage |        Vol|      Shared           |");
    puts("|      ID  ID  Dev |                       BAR1-Usage | SM     Unc| CE ENC DEC OFA JPG    |");
    puts("|                  |                                  |        ECC|                       |");
    puts("|==================+==================================+===========+=======================|");
    for (int i = 0; i < selection->count; i++) {
        nvmlDevice_t gpu = selection->gpu[i].device, mig;
        unsigned int most = 0;

        nvmlDeviceGetMaxMigDeviceCount(gpu, &most);
        for (unsigned int m = 0; m < most; m++)
            if (nvmlDeviceGetMigDeviceHandleByIndex(gpu, m, &mig) == NVML_SUCCESS) {
                print_mig_device(mig, selection->gpu[i].index, m);
                any = true;
            }
    }
    if (!any) {
        puts("|  No MIG devices found                                                                   |");
        puts("+-----------------------------------------------------------------------------------------+");
    }
}
