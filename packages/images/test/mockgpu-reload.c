/*
 * Loads, uses, forks around and unloads the library (its path is the argument)
 * again and again, as slurmd does, while the number of GPUs changes in the
 * state file. Prints how many answers or left-overs were wrong.
 */
#include "../mockgpu/nvml/nvml.h"

#include <dirent.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int count_entries(const char *folder)
{
    DIR *dir = opendir(folder);
    int n = 0;

    while (dir && readdir(dir))
        n++;
    closedir(dir);
    return n;
}

static int mapped(const char *word)
{
    char line[4096];
    FILE *maps = fopen("/proc/self/maps", "r");
    int found = 0;

    while (fgets(line, sizeof line, maps))
        found |= strstr(line, word) != NULL;
    fclose(maps);
    return found;
}

/* Two GPUs, or one: replaced by rename, as the library asks for. */
static void write_state(int gpus)
{
    const char *path = getenv("MOCKGPU_STATE");
    char temporary[4096];

    snprintf(temporary, sizeof temporary, "%s.new", path);
    FILE *file = fopen(temporary, "w");
    fprintf(file, "sys.gpus=%d\n", gpus);
    fclose(file);
    rename(temporary, path);
}

int main(int argc, char **argv)
{
    int files = count_entries("/proc/self/fd"), wrong = 0;

    for (int round = 0; argc > 1 && round < 50; round++) {
        void *library = dlopen(argv[1], RTLD_NOW | RTLD_GLOBAL);
        if (!library) {
            puts(dlerror());
            return 1;
        }
        __typeof__(nvmlInit_v2) *init = dlsym(library, "nvmlInit_v2");
        __typeof__(nvmlShutdown) *shutdown = dlsym(library, "nvmlShutdown");
        __typeof__(nvmlDeviceGetCount_v2) *count = dlsym(library, "nvmlDeviceGetCount_v2");
        unsigned int n = 0;
        int status = 0;

        wrong += count(&n) != NVML_ERROR_UNINITIALIZED; /* nothing lives on from the last load */
        write_state(1);
        wrong += init() != NVML_SUCCESS || count(&n) != NVML_SUCCESS || n != 1;
        write_state(2);
        wrong += count(&n) != NVML_SUCCESS || n != 2;
        pid_t child = fork();
        if (child == 0)
            _exit(count(&n) == NVML_SUCCESS && n == 2 ? 0 : 1);
        waitpid(child, &status, 0);
        wrong += status != 0;
        wrong += count_entries("/proc/self/task") != 3; /* ".", ".." and one thread */
        wrong += shutdown() != NVML_SUCCESS || shutdown() != NVML_ERROR_UNINITIALIZED;
        dlclose(library);
        wrong += mapped("libnvidia-ml");
    }
    wrong += count_entries("/proc/self/fd") != files;
    printf("%d wrong\n", wrong);
    return wrong ? 1 : 0;
}
