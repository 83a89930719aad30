/* NVLink: gpu.<i>.nvlink=<peer>:<lanes>[,<peer>:<lanes>...] */
#include "call.h"

#include <stdio.h>
#include <string.h>

/* The GPU at the other end of a lane, or -1. Lanes are counted through the list in order. */
static int peer_at(const struct call *call, unsigned int lane)
{
    char list[STATE_VALUE_BYTES];
    char *rest = list;
    unsigned int lanes_seen = 0;

    if (!gpu_get(&call->state, call->gpu, "nvlink", list, sizeof list))
        return -1;
    for (const char *item; (item = strsep(&rest, ","));) {
        unsigned int peer, lanes;
        if (sscanf(item, "%3u:%3u", &peer, &lanes) != 2)
            continue;
        lanes_seen += lanes;
        if (lane < lanes_seen)
            return peer < MAX_GPUS ? (int)peer : -1;
    }
    return -1;
}

nvmlReturn_t nvmlDeviceGetNvLinkState(nvmlDevice_t device, unsigned int link, unsigned int *active)
{
    struct call call;
    char list[STATE_VALUE_BYTES];

    TRY(call_device(&call, device));
    if (!gpu_get(&call.state, call.gpu, "nvlink", list, sizeof list) || !*list)
        return NVML_ERROR_NOT_SUPPORTED;
    if (link >= NVML_NVLINK_MAX_LINKS)
        return NVML_ERROR_INVALID_ARGUMENT;
    return put_uint(active, peer_at(&call, link) >= 0);
}

nvmlReturn_t nvmlDeviceGetNvLinkRemotePciInfo_v2(nvmlDevice_t device, unsigned int link,
                                                 nvmlPciInfo_t *pci)
{
    struct call call;
    char list[STATE_VALUE_BYTES];

    TRY(call_device(&call, device));
    if (!gpu_get(&call.state, call.gpu, "nvlink", list, sizeof list) || !*list)
        return NVML_ERROR_NOT_SUPPORTED;
    int peer = link < NVML_NVLINK_MAX_LINKS ? peer_at(&call, link) : -1;
    if (peer < 0 || !pci)
        return NVML_ERROR_INVALID_ARGUMENT;
    fill_pci_info(&call, peer, pci);
    return NVML_SUCCESS;
}
