/* Arguments. What is wrong with them is said after the driver has started, as it really is. */
#include "smi.h"

#include <stdio.h>
#include <string.h>

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
    "        --query-gpu=FIELD,...  Chosen figures, as CSV.\n"
    "        --query-compute-apps=FIELD,...\n"
    "                               Chosen figures of processes, as CSV.\n"
    "        --format=csv[,noheader][,nounits]\n";

#define FOR_HELP " Please run 'nvidia-smi -h' for help."

static bool is_option(const char *argument, const char *brief, const char *name)
{
    return (brief && strcmp(argument, brief) == 0) || strcmp(argument, name) == 0;
}

/*
 * Whether argv[*at] is this option. Its value follows as "--name=value", "-n=value", or as the
 * next argument, and is NULL where it is missing.
 */
static bool takes(char **argv, int argc, int *at, const char *brief, const char *name,
                  const char **value)
{
    const char *argument = argv[*at];
    const char *forms[] = {brief, name};

    for (int i = 0; i < 2; i++) {
        size_t length = forms[i] ? strlen(forms[i]) : 0;
        if (!forms[i] || strncmp(argument, forms[i], length) != 0)
            continue;
        if (argument[length] == '=')
            *value = argument + length + 1;
        else if (argument[length] == '\0')
            *value = *at + 1 < argc ? argv[++*at] : NULL;
        else
            continue;
        return true;
    }
    return false;
}

static int no_value(const char *argument)
{
    printf("ERROR: Option %s is missing its value." FOR_HELP "\n\n", argument);
    return EXIT_OTHER;
}

/* Commands that stand alone, in the order in which they are looked for. */
static const struct {
    const char *brief, *name;
    int (*run)(void);
} commands[] = {
    {"-h", "--help", NULL},
    {NULL, "--version", print_versions},
    {"-L", "--list-gpus", print_list},
};

/* The number of the command in the arguments, or -1. */
static int find_command(int argc, char **argv)
{
    for (int c = 0; c < (int)(sizeof commands / sizeof *commands); c++)
        for (int i = 1; i < argc; i++)
            if (is_option(argv[i], commands[c].brief, commands[c].name))
                return c;
    return -1;
}

static int run_command(int argc, char **argv, int command)
{
    int times = 0;

    for (int i = 1; i < argc; i++) {
        if (!is_option(argv[i], commands[command].brief, commands[command].name)) {
            printf("ERROR: Option %s is not valid for this command." FOR_HELP "\n\n", argv[i]);
            return EXIT_BAD_ARGUMENT;
        }
        if (++times > 1) {
            puts("ERROR: Only one command can be run at a time." FOR_HELP "\n");
            return EXIT_BAD_ARGUMENT;
        }
    }
    return commands[command].run();
}

static bool is_query(int argc, char **argv)
{
    const char *value;

    for (int i = 1; i < argc; i++)
        if (takes(argv, argc, &i, NULL, "--query-gpu", &value) ||
            takes(argv, argc, &i, NULL, "--query-compute-apps", &value))
            return true;
    return false;
}

static int run_query(int argc, char **argv)
{
    const char *ids = NULL, *gpu_fields = NULL, *process_fields = NULL, *format = NULL;

    for (int i = 1; i < argc; i++) {
        const char *argument = argv[i], *value = "";
        if (takes(argv, argc, &i, NULL, "--format", &value)) {
            format = value;
            continue;
        }
        if (takes(argv, argc, &i, "-i", "--id", &value))
            ids = value;
        else if (takes(argv, argc, &i, NULL, "--query-gpu", &value))
            gpu_fields = value;
        else if (takes(argv, argc, &i, NULL, "--query-compute-apps", &value))
            process_fields = value;
        else {
            printf("ERROR: Option %s is not recognized." FOR_HELP "\n\n", argument);
            return EXIT_BAD_ARGUMENT;
        }
        if (!value)
            return no_value(argument);
    }
    if (gpu_fields && process_fields) {
        puts("Only one --query-* switch can be used at a time.");
        return EXIT_BAD_ARGUMENT;
    }
    return gpu_fields ? print_gpu_query(ids, gpu_fields, format)
                      : print_process_query(ids, process_fields, format);
}

/* The table, or with -q the long report. */
static int run_report(int argc, char **argv)
{
    const char *ids = NULL;
    char sections[TEXT_BYTES] = "";
    bool log = false, chosen = false;

    for (int i = 1; i < argc; i++) {
        const char *argument = argv[i], *value = "";
        if (is_option(argument, "-q", "--query"))
            log = true;
        else if (takes(argv, argc, &i, "-i", "--id", &value))
            ids = value;
        else if (takes(argv, argc, &i, "-d", "--display", &value)) {
            size_t used = strlen(sections);
            chosen = true;
            snprintf(sections + used, sizeof sections - used, "%s,", value ? value : "");
        } else {
            printf("ERROR: Option %s is not recognized. Please run 'nvidia-smi -h'.\n\n", argument);
            return EXIT_OTHER;
        }
        if (!value)
            return no_value(argument);
    }
    if (chosen && !log) {
        puts("Invalid combination of input arguments. Specify -q/--query and -d/--display to run a "
             "filtered query. " FOR_HELP "\n");
        return EXIT_BAD_ARGUMENT;
    }
    return log ? print_log(ids, chosen ? sections : NULL) : print_table(ids);
}

int main(int argc, char **argv)
{
    int command = find_command(argc, argv);
    int code = EXIT_OK;

    if (command == 0 && argc == 2)
        fputs(usage, stdout);
    else if ((code = start_nvml()) == EXIT_OK)
        code = command >= 0            ? run_command(argc, argv, command)
               : is_query(argc, argv) ? run_query(argc, argv)
                                      : run_report(argc, argv);
    if (fflush(stdout) != 0 && code == EXIT_OK)
        code = EXIT_OTHER;
    return code;
}
