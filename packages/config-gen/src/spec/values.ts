import { z } from "zod";
import { parseMemoryMb } from "../slurm/memory.ts";

/** One name or bracket expression; brackets and commas keep its parts apart, so that it is matched in one pass. */
const HOST = String.raw`[A-Za-z0-9][A-Za-z0-9_.-]*(?:\[[0-9,-]+\][A-Za-z0-9_.-]*)*`;

/** Host names as Slurm takes them: `c[1-4]`, `r[1-2]-n[01-16],Login.a`. */
export const hostlist = z.string().regex(new RegExp(`^${HOST}(?:,${HOST})*$`), {
  error: 'expected host names, or a hostlist such as "c[1-4]"',
});

/** Names of things inside Slurm that are neither hosts nor users: partitions, node sets, switches, reservations. */
export const entityName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, { error: "expected a name of letters, digits, _, . and -" });

/** Accounts and QOS: sacctmgr turns them into lower case, so that another case would never be found again. */
export const accountingName = z.string().regex(/^[a-z0-9][a-z0-9_.-]{0,63}$/, {
  error: "expected a name of lower-case letters, digits, _, . and -",
});

export const unixName = z.string().regex(/^[a-z][a-z0-9_-]{0,30}$/, { error: "expected a Unix user name" });

/** RealMemory: MiB after parsing. */
export const memory = z
  .union([z.int().min(1), z.string()], { error: 'expected memory such as "1G" or a number of MiB' })
  .transform((value, ctx) => {
    const mb = typeof value === "number" ? value : parseMemoryMb(value);
    if (mb !== undefined && mb > 0) return mb;
    ctx.addIssue({
      code: "custom",
      message: `expected memory such as "1G" or a number of MiB, seen "${value}"`,
    });
    return z.NEVER;
  });

/**
 * A value as it stands in a Slurm file: on one line, with quotation marks only around all of it or with no space to
 * quote. The renderer adds what is missing for Slurm to read it as one value: quotes around spaces, a backslash before
 * a `#`.
 */
const ONE_VALUE = /^(?:[^\r\n\0"]*|"[^\r\n\0"]*"|[^\s\0]+)$/;
/** The same with more keys of the line behind it: `fe1 FrontendAddr=10.0.0.1 Reason="a b"`. */
export const MORE_KEYS = /^(?:"[^\r\n\0"]*"|[^\s\0]+)(?: [A-Za-z][\w.]*=(?:"[^\r\n\0"]*"|[^\s\0]+))+$/;

const error = "expected a value on one line, without quotation marks inside";
const oneLine = z.string().regex(ONE_VALUE, { error });
const restOfLine = z.string().refine((text) => ONE_VALUE.test(text) || MORE_KEYS.test(text), { error });

/** A key of a Slurm file, in Slurm's own spelling. */
const slurmKey = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_.]*$/, { error: "expected a key such as SlurmdTimeout" });

const keyValue = z.union([oneLine, z.number(), z.null()]);

/** More keys of one NodeName, PartitionName or reservation; a key that slurmlab writes too is replaced, null leaves it out. */
export const moreKeys = z.record(slurmKey, keyValue);

/** Keys of a whole file; a list stands for a key that may be repeated, a line for each value. */
export const fileKeys = z.record(
  slurmKey,
  z.union([restOfLine, z.number(), z.null(), z.array(restOfLine).min(1)]),
);

/** One line of gres.conf, in the order written. */
export const lineKeys = z.record(slurmKey, z.union([oneLine, z.number()]));

/** sacctmgr's limits; -1 takes one away. */
export const limits = z.record(slurmKey, z.union([oneLine, z.number()]));

/** Seconds, as slurm.conf counts them. */
export const seconds = z.int().min(0);

/** `30`, `10:00`, `1-00:00:00`: minutes alone, or Slurm's days-hours:minutes:seconds. */
export const slurmTime = z.union([z.int().min(0), z.string().regex(/^[A-Za-z0-9:+-]+$/)], {
  error: 'expected a time such as 30 (minutes), "01:00:00" or "7-0"',
});
