/* Arguments. They are checked before the driver is asked for anything. */
#include "smi.h"

#include <stdio.h>
#include <string.h>

struct options {
    bool help, versions, list, log;
    const char *ids, *sections, *gpu_fields, *process_fields, *format;
};

static const char usage[] =
    "Mock nvidia-smi of slurmlab: shows the GPUs of the mock NVML library.\n"
    "\n"
    "nvidia-smi [options]\n"
    "\n"
    "    (none)                     Table of the GPUs and their processes.\n"
    "    -h, --help                 This text.\n"
    "        --version              Versions of the driver and the library.\n"
    "    -L, --list-gpus            One line for each GPU and MIG device.\n"
    "    -q, --query                All that is known, in sections.\n"
    "    -d, --display=SECTION,...  With -q: MEMORY, UTILIZATION, ECC, TEMPERATURE,\n"
    "                               POWER, CLOCK, COMPUTE, PIDS, PERFORMANCE only.\n"
    "    -i, --id=ID,...            Only these GPUs: index, UUID, serial or PCI bus id.\n"
    "        --query-gpu=FIELD,...  Chosen figures; needs --format.\n"
    "        --query-compute-apps=FIELD,...\n"
    "                               Chosen figures of processes; needs --format.\n"
    "        --format=csv[,noheader][,nounits]\n";

/*
 * Whether argv[*at] is this option. Its value, where it takes one, follows as
 * "--name=value", "-n=value", or as the next argument.
 */
static bool matches(char **argv, int argc, int *at, const char *brief, const char *name,
                    const char **value)
{
    const char *argument = argv[*at];
    const char *forms[] = {brief, name};

    for (int i = 0; i < 2; i++) {
        size_t length = forms[i] ? strlen(forms[i]) : 0;
        if (!forms[i] || strncmp(argument, forms[i], length) != 0)
            continue;
        if (!value && argument[length] == '\0')
            return true;
        if (value && argument[length] == '=') {
            *value = argument + length + 1;
            return true;
        }
        if (value && argument[length] == '\0' && *at + 1 < argc) {
            *value = argv[++*at];
            return true;
        }
    }
    return false;
}

static int parse(int argc, char **argv, struct options *o)
{
    for (int i = 1; i < argc; i++) {
        if (matches(argv, argc, &i, "-h", "--help", NULL))
            o->help = true;
        else if (matches(argv, argc, &i, NULL, "--version", NULL))
            o->versions = true;
        else if (matches(argv, argc, &i, "-L", "--list-gpus", NULL))
            o->list = true;
        else if (matches(argv, argc, &i, "-q", "--query", NULL))
            o->log = true;
        else if (!matches(argv, argc, &i, "-d", "--display", &o->sections) &&
                 !matches(argv, argc, &i, "-i", "--id", &o->ids) &&
                 !matches(argv, argc, &i, NULL, "--query-gpu", &o->gpu_fields) &&
                 !matches(argv, argc, &i, NULL, "--query-compute-apps", &o->process_fields) &&
                 !matches(argv, argc, &i, NULL, "--format", &o->format)) {
            /* Public reports show both wordings: the longer one after a good option. */
            printf("ERROR: Option %s is not recognized. Please run 'nvidia-smi -h'%s.\n\n", argv[i],
                   i > 1 ? " for help" : "");
            return EXIT_BAD_ARGUMENT;
        }
    }
    return EXIT_OK;
}

static int run(const struct options *o)
{
    bool query = o->gpu_fields || o->process_fields;
    int commands = o->list + o->log + (o->gpu_fields != NULL) + (o->process_fields != NULL);

    if (o->help) {
        fputs(usage, stdout);
        return EXIT_OK;
    }
    if (commands > 1 || query != (o->format != NULL) || (o->sections && !o->log)) {
        puts("Invalid combination of input arguments. Please run 'nvidia-smi -h' for help.\n");
        return EXIT_BAD_ARGUMENT;
    }
    if (o->versions)
        return print_versions();
    if (o->list)
        return print_list(o->ids);
    if (o->log)
        return print_log(o->ids, o->sections);
    if (o->gpu_fields)
        return print_gpu_query(o->ids, o->gpu_fields, o->format);
    if (o->process_fields)
        return print_process_query(o->ids, o->process_fields, o->format);
    return print_table(o->ids);
}

int main(int argc, char **argv)
{
    struct options options = {0};
    int code = parse(argc, argv, &options);

    if (code == EXIT_OK)
        code = run(&options);
    if (fflush(stdout) != 0 && code == EXIT_OK)
        code = EXIT_OTHER;
    return code;
}
