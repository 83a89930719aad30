/* What the two parts of nvml-calls share. */
#ifndef NVML_CALLS_H
#define NVML_CALLS_H

#include "../../mockgpu/nvml/nvml.h"

#include <stdio.h>

/* A function of the library that is asked, by the type of our own prototype. */
#define FIND(name) __typeof__(name) *name##_ = find(#name)
/* Its result for these arguments, after a label. */
#define RESULT(label, call) printf("%s = %d", label, (int)(call))
#define END putchar('\n')

/* Ends the program where the library has no such function. */
void *find(const char *name);

/* All that can be asked of one GPU. */
void ask_gpu(nvmlDevice_t gpu);

#endif
