/*
 * A machine's boot time, for a container that has only its host's: preloaded into slurmd, sysinfo() counts the uptime from
 * SLURMLAB_BOOT_TIME, in seconds since 1970. slurmctld takes a node's boot time to be its own clock less that uptime.
 *
 * slurmd's own option for tests, -b, counts from the second in which slurmd started. A wall clock and an uptime do not
 * change their seconds together, so the next registration can seem to be of a machine that booted a second later than
 * the last one was heard: it is taken for another reboot, and the node's jobs are killed.
 */
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <time.h>
#include <unistd.h>

int sysinfo(struct sysinfo *info)
{
	int failed = (int)syscall(SYS_sysinfo, info);
	const char *booted = getenv("SLURMLAB_BOOT_TIME");
	if (failed == 0 && booted != NULL)
		info->uptime = (long)time(NULL) - atol(booted);
	return failed;
}
