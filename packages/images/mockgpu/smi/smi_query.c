/* --query-gpu and --query-compute-apps: chosen figures as CSV. */
#include "smi.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_FIELDS 64

struct format {
    bool header, units;
};

/* A comma list cut in place. Empty words do not count; a space is part of its word. */
static int split(char *list, const char *words[MAX_FIELDS])
{
    int n = 0;

    for (char *word; n < MAX_FIELDS && (word = strsep(&list, ","));)
        if (*word)
            words[n++] = word;
    return n;
}

/* CSV is all there is, said or not. */
static int read_format(const char *text, struct format *format)
{
    char *list = strdup(text ? text : "");
    const char *words[MAX_FIELDS];
    int n = split(list, words);
    int code = EXIT_OK;

    *format = (struct format){.header = true, .units = true};
    for (int i = 0; i < n; i++) {
        if (strcmp(words[i], "noheader") == 0)
            format->header = false;
        else if (strcmp(words[i], "nounits") == 0)
            format->units = false;
        else if (strcmp(words[i], "csv") != 0)
            code = EXIT_BAD_ARGUMENT;
    }
    free(list);
    if (code != EXIT_OK)
        puts("Format modifier is not recognized.");
    return code;
}

static void print_name(int at, const char *name, const char *unit)
{
    printf("%s%s", at > 0 ? ", " : "", name);
    if (unit)
        printf(" [%s]", unit);
}

static void print_cell(int at, const struct cell *cell, const char *unit)
{
    if (at > 0)
        fputs(", ", stdout);
    if (cell->status == NVML_ERROR_NOT_SUPPORTED)
        fputs("[N/A]", stdout);
    else if (cell->status != NVML_SUCCESS)
        printf("[%s]", nvmlErrorString(cell->status));
    else
        printf("%s%s%s", cell->text, unit ? " " : "", unit ? unit : "");
}

static int unknown_field(const char *name)
{
    printf("Field \"%s\" is not a valid field to query.\n\n", name);
    return EXIT_BAD_ARGUMENT;
}

/* What both queries do once their fields are known to be good. */
static int open_gpus(const char *ids, struct selection *selection)
{
    int code = select_gpus(ids, selection);

    return code == EXIT_OK ? refuse_lost(selection) : code;
}

int print_gpu_query(const char *ids, const char *fields, const char *format_text)
{
    char *list = strdup(fields);
    const char *names[MAX_FIELDS];
    const struct field *chosen[MAX_FIELDS];
    struct format format;
    struct selection selection;
    int n = split(list, names);
    int code = read_format(format_text, &format);

    for (int i = 0; code == EXIT_OK && i < n; i++)
        if (!(chosen[i] = find_gpu_field(names[i])))
            code = unknown_field(names[i]);
    free(list);
    if (code == EXIT_OK)
        code = open_gpus(ids, &selection);
    if (code != EXIT_OK)
        return code;

    if (format.header) {
        for (int i = 0; i < n; i++)
            print_name(i, chosen[i]->name, chosen[i]->unit);
        putchar('\n');
    }
    for (int g = 0; g < selection.count; g++) {
        for (int i = 0; i < n; i++) {
            struct cell cell = {.status = NVML_SUCCESS};
            chosen[i]->read(selection.gpu[g].device, &cell);
            print_cell(i, &cell, format.units ? chosen[i]->unit : NULL);
        }
        putchar('\n');
    }
    return EXIT_OK;
}

enum { PID, PROCESS_NAME, USED_MEMORY, GPU_UUID, GPU_NAME, GPU_BUS_ID, GPU_SERIAL, TIMESTAMP };

static const struct {
    const char *name, *alias, *unit;
    int what;
} process_fields[] = {
    {"pid", NULL, NULL, PID},
    {"process_name", "name", NULL, PROCESS_NAME},
    {"used_gpu_memory", "used_memory", "MiB", USED_MEMORY},
    {"gpu_uuid", NULL, NULL, GPU_UUID},
    {"gpu_name", NULL, NULL, GPU_NAME},
    {"gpu_bus_id", NULL, NULL, GPU_BUS_ID},
    {"gpu_serial", NULL, NULL, GPU_SERIAL},
    {"timestamp", NULL, NULL, TIMESTAMP},
};
enum { PROCESS_FIELDS = sizeof process_fields / sizeof *process_fields };

static int find_process_field(const char *name)
{
    for (int i = 0; i < PROCESS_FIELDS; i++)
        if (strcmp(process_fields[i].name, name) == 0 ||
            (process_fields[i].alias && strcmp(process_fields[i].alias, name) == 0))
            return i;
    return -1;
}

static void read_process_field(int what, nvmlDevice_t gpu, const nvmlProcessInfo_t *process,
                               struct cell *cell)
{
    static const char *const of_the_gpu[] = {
        [GPU_UUID] = "uuid", [GPU_NAME] = "name", [GPU_BUS_ID] = "pci.bus_id",
        [GPU_SERIAL] = "serial", [TIMESTAMP] = "timestamp",
    };

    if (what == PID)
        snprintf(cell->text, sizeof cell->text, "%u", process->pid);
    else if (what == PROCESS_NAME)
        process_name(process->pid, cell->text, sizeof cell->text);
    else if (what == USED_MEMORY)
        snprintf(cell->text, sizeof cell->text, "%llu", process->usedGpuMemory >> 20);
    else
        find_gpu_field(of_the_gpu[what])->read(gpu, cell);
}

int print_process_query(const char *ids, const char *fields, const char *format_text)
{
    char *list = strdup(fields);
    const char *names[MAX_FIELDS];
    int chosen[MAX_FIELDS];
    struct format format;
    struct selection selection;
    int n = split(list, names);
    int code = read_format(format_text, &format);

    for (int i = 0; code == EXIT_OK && i < n; i++)
        if ((chosen[i] = find_process_field(names[i])) < 0)
            code = unknown_field(names[i]);
    free(list);
    if (code == EXIT_OK)
        code = open_gpus(ids, &selection);
    if (code != EXIT_OK)
        return code;

    if (format.header) {
        for (int i = 0; i < n; i++)
            print_name(i, process_fields[chosen[i]].name, process_fields[chosen[i]].unit);
        putchar('\n');
    }
    for (int g = 0; g < selection.count; g++) {
        nvmlProcessInfo_t processes[MAX_LISTED];
        unsigned int count = list_processes(selection.gpu[g].device, processes);
        for (unsigned int p = 0; p < count; p++) {
            for (int i = 0; i < n; i++) {
                struct cell cell = {.status = NVML_SUCCESS};
                read_process_field(process_fields[chosen[i]].what, selection.gpu[g].device,
                                   &processes[p], &cell);
                print_cell(i, &cell, format.units ? process_fields[chosen[i]].unit : NULL);
            }
            putchar('\n');
        }
    }
    return EXIT_OK;
}
