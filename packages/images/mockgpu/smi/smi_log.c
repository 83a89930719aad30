/* -q: a reasonable part of the long report, in the layout of R550's, or R580's. */
#include "smi.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

/* The column of the colon, whatever the indentation. R580 moved it, but not for processes. */
enum { LABEL_WIDTH = 42, LABEL_WIDTH_R580 = 55 };

static void print_at(int width, int indent, const char *label, const char *value)
{
    printf("%*s%-*s: %s\n", indent, "", width - indent, label, value);
}

static void print_line(int indent, const char *label, const char *value)
{
    print_at(since_r580() ? LABEL_WIDTH_R580 : LABEL_WIDTH, indent, label, value);
}

/* A line whose value is a field of --query-gpu: one way to read and name each figure. */
static void print_field(int indent, const char *label, nvmlDevice_t gpu, const char *name)
{
    const struct field *field = find_gpu_field(name);
    struct cell cell = {.status = NVML_SUCCESS};
    char value[TEXT_BYTES + 16];
    /* In CSV a temperature has no unit, here it has. */
    const char *unit = strcmp(name, "temperature.gpu") == 0 ? "C" : field->unit;

    field->read(gpu, &cell);
    if (cell.status == NVML_ERROR_NOT_SUPPORTED)
        snprintf(value, sizeof value, "N/A");
    else if (cell.status != NVML_SUCCESS)
        snprintf(value, sizeof value, "%s", nvmlErrorString(cell.status));
    else
        snprintf(value, sizeof value, "%s%s%s", cell.text, unit ? " " : "", unit ? unit : "");
    print_line(indent, label, value);
}

/* One row of the report: a heading (no field), or a label and the field it shows. */
struct row {
    const char *section; /* the word of -d that shows it, or NULL: only the full report */
    int indent;
    const char *label, *field;
    const char *label_r580; /* where it has another one */
};

static const struct row rows[] = {
    {NULL, 4, "Product Name", "name", NULL},
    {NULL, 4, "Persistence Mode", "persistence_mode", NULL},
    {NULL, 4, "MIG Mode", NULL, NULL},
    {NULL, 8, "Current", "mig.mode.current", NULL},
    {NULL, 8, "Pending", "mig.mode.pending", NULL},
    {NULL, 4, "Serial Number", "serial", NULL},
    {NULL, 4, "GPU UUID", "uuid", NULL},
    {NULL, 4, "PCI", NULL, NULL},
    {NULL, 8, "Bus Id", "pci.bus_id", NULL},
    {NULL, 4, "Fan Speed", "fan.speed", NULL},
    {"PERFORMANCE", 4, "Performance State", "pstate", NULL},
    {"MEMORY", 4, "FB Memory Usage", NULL, NULL},
    {"MEMORY", 8, "Total", "memory.total", NULL},
    {"MEMORY", 8, "Reserved", "memory.reserved", NULL},
    {"MEMORY", 8, "Used", "memory.used", NULL},
    {"MEMORY", 8, "Free", "memory.free", NULL},
    {"COMPUTE", 4, "Compute Mode", "compute_mode", NULL},
    {"UTILIZATION", 4, "Utilization", NULL, NULL},
    {"UTILIZATION", 8, "Gpu", "utilization.gpu", "GPU"},
    {"UTILIZATION", 8, "Memory", "utilization.memory", NULL},
    {"ECC", 4, "ECC Mode", NULL, NULL},
    {"ECC", 8, "Current", "ecc.mode.current", NULL},
    {"ECC", 8, "Pending", "ecc.mode.pending", NULL},
    {"ECC", 4, "ECC Errors", NULL, NULL},
    {"ECC", 8, "Volatile", NULL, NULL},
    {"ECC", 12, "DRAM Correctable", "ecc.errors.corrected.volatile.total", NULL},
    {"ECC", 12, "DRAM Uncorrectable", "ecc.errors.uncorrected.volatile.total", NULL},
    {"ECC", 8, "Aggregate", NULL, NULL},
    {"ECC", 12, "DRAM Correctable", "ecc.errors.corrected.aggregate.total", NULL},
    {"ECC", 12, "DRAM Uncorrectable", "ecc.errors.uncorrected.aggregate.total", NULL},
    {"TEMPERATURE", 4, "Temperature", NULL, NULL},
    {"TEMPERATURE", 8, "GPU Current Temp", "temperature.gpu", NULL},
    {"POWER", 4, "GPU Power Readings", NULL, NULL},
    {"POWER", 8, "Power Draw", "power.draw", "Average Power Draw"},
    {"POWER", 8, "Current Power Limit", "power.limit", NULL},
    {"CLOCK", 4, "Clocks", NULL, NULL},
    {"CLOCK", 8, "Graphics", "clocks.current.graphics", NULL},
    {"CLOCK", 8, "SM", "clocks.current.sm", NULL},
    {"CLOCK", 8, "Memory", "clocks.current.memory", NULL},
    {"CLOCK", 8, "Video", "clocks.current.video", NULL},
};
enum { ROWS = sizeof rows / sizeof *rows };

static bool known_section(const char *word)
{
    for (int i = 0; i < ROWS; i++)
        if (rows[i].section && strcasecmp(rows[i].section, word) == 0)
            return true;
    return strcasecmp(word, "PIDS") == 0;
}

/* Whether the comma list names this section. No list names all. */
static bool wanted(const char *sections, const char *section)
{
    if (!sections)
        return true;
    if (!section)
        return false;
    size_t length = strlen(section);
    for (const char *word = sections; *word; word += strcspn(word, ","), word += *word == ',')
        if (strcspn(word, ",") == length && strncasecmp(word, section, length) == 0)
            return true;
    return false;
}

static int check_sections(const char *sections)
{
    char *list = strdup(sections ? sections : "");
    char *rest = list;
    int code = EXIT_OK;

    for (const char *word; sections && code == EXIT_OK && (word = strsep(&rest, ","));)
        if (*word && !known_section(word)) {
            puts("Failed to parse --display/-d flags");
            code = EXIT_BAD_ARGUMENT;
        }
    free(list);
    return code;
}

static void print_instance(const char *label, unsigned int id)
{
    char text[32] = "N/A";

    if (id != NVML_NO_INSTANCE)
        snprintf(text, sizeof text, "%u", id);
    print_at(LABEL_WIDTH, 8, label, text);
}

static void print_processes(nvmlDevice_t gpu)
{
    nvmlProcessInfo_t processes[MAX_LISTED];
    unsigned int n = list_processes(gpu, processes);
    char text[TEXT_BYTES];

    if (n == 0) {
        print_line(4, "Processes", "None");
        return;
    }
    puts("    Processes");
    sort_processes(processes, n);
    for (unsigned int i = 0; i < n; i++) {
        print_instance("GPU instance ID", processes[i].gpuInstanceId);
        print_instance("Compute instance ID", processes[i].computeInstanceId);
        snprintf(text, sizeof text, "%u", processes[i].pid);
        print_at(LABEL_WIDTH, 8, "Process ID", text);
        print_at(LABEL_WIDTH, 12, "Type", "C");
        process_name(processes[i].pid, text, sizeof text);
        print_at(LABEL_WIDTH, 12, "Name", text);
        snprintf(text, sizeof text, "%llu MiB", processes[i].usedGpuMemory >> 20);
        print_at(LABEL_WIDTH, 12, "Used GPU Memory", text);
    }
}

static void print_gpu(nvmlDevice_t gpu, const char *sections)
{
    nvmlPciInfo_t pci = {0};
    unsigned int minor;
    char text[32];

    nvmlDeviceGetPciInfo_v3(gpu, &pci);
    printf("GPU %s\n", pci.busId);
    for (int i = 0; i < ROWS; i++) {
        const char *label = rows[i].label;
        if (!wanted(sections, rows[i].section))
            continue;
        if (rows[i].label_r580 && since_r580())
            label = rows[i].label_r580;
        if (!rows[i].field)
            printf("%*s%s\n", rows[i].indent, "", label);
        else
            print_field(rows[i].indent, label, gpu, rows[i].field);
        if (strcmp(rows[i].label, "GPU UUID") == 0 &&
            nvmlDeviceGetMinorNumber(gpu, &minor) == NVML_SUCCESS) {
            snprintf(text, sizeof text, "%u", minor);
            print_line(4, "Minor Number", text);
        }
    }
    if (wanted(sections, "PIDS"))
        print_processes(gpu);
    putchar('\n');
}

int print_log(const char *ids, const char *sections)
{
    struct selection selection;
    char now[64], driver[TEXT_BYTES] = "N/A", text[32];
    unsigned int count = 0;
    time_t seconds = time(NULL);
    int code = check_sections(sections);

    if (code == EXIT_OK)
        code = select_gpus(ids, &selection);
    if (code == EXIT_OK)
        code = refuse_lost(&selection);
    if (code != EXIT_OK)
        return code;

    puts("\n==============NVSMI LOG==============\n");
    strftime(now, sizeof now, "%a %b %e %H:%M:%S %Y", localtime(&seconds));
    print_line(0, "Timestamp", now);
    nvmlSystemGetDriverVersion(driver, sizeof driver);
    print_line(0, "Driver Version", driver);
    cuda_version(text, sizeof text);
    print_line(0, "CUDA Version", text);
    nvmlDeviceGetCount_v2(&count);
    snprintf(text, sizeof text, "%u", count);
    putchar('\n');
    print_line(0, "Attached GPUs", text);
    for (int i = 0; i < selection.count; i++)
        print_gpu(selection.gpu[i].device, sections);
    return EXIT_OK;
}
