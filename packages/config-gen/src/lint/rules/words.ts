import { nearest } from "../../nearest.ts";
import type { Problem } from "../../problem.ts";
import type { Said, Setting } from "../../read/conf-file.ts";
import { minutesOf } from "../../slurm/time.ts";
import { errorAt, type Subject } from "../rule.ts";
import { keyUses } from "../settings.ts";

interface Words {
  /** Where the key stands: globally, or on a record's line. */
  readonly context: string;
  readonly key: string;
  readonly words: readonly string[];
  /** Several of them, with commas between. */
  readonly list?: boolean;
  /** What the daemon prints of another word. */
  readonly says?: string;
  /** What may follow a word: `FORCE:4`. */
  readonly suffix?: RegExp;
}

const LOG_LEVELS = [
  "quiet",
  "fatal",
  "error",
  "info",
  "verbose",
  "debug",
  "debug2",
  "debug3",
  "debug4",
  "debug5",
];
const DIGIT_LEVELS = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

/** All that any release of ours has (libslurmfull.so of each); what has been removed from one is said by `options`. */
const SELECT_PARAMETERS = [
  "CR_CPU",
  "CR_CPU_Memory",
  "CR_Core",
  "CR_Core_Memory",
  "CR_Socket",
  "CR_Socket_Memory",
  "CR_Memory",
  "CR_ONE_TASK_PER_CORE",
  "CR_CORE_DEFAULT_DIST_BLOCK",
  "CR_ALLOCATE_FULL_SOCKET",
  "CR_LLN",
  "CR_PACK_NODES",
  "CR_NO_DIST_TOPO_BLOCK",
  "OTHER_CONS_RES",
  "OTHER_CONS_TRES",
  "ENFORCE_BINDING_GRES",
  "LL_SHARED_GRES",
  "MULTIPLE_SHARING_GRES_PJ",
  "ONE_TASK_PER_SHARING_GRES",
];

/** Values that are words. From slurm.conf(5) and src/common/read_config.c; only where every release of ours agrees. */
const WORDS: readonly Words[] = [
  { context: "", key: "ReturnToService", words: ["0", "1", "2"] },
  {
    context: "",
    key: "EnforcePartLimits",
    words: ["ALL", "ANY", "NO", "YES", "UP", "TRUE", "1", "DOWN", "FALSE", "0"],
    says: "Bad EnforcePartLimits: {value}",
  },
  {
    context: "",
    key: "SelectTypeParameters",
    words: SELECT_PARAMETERS,
    list: true,
    // The word alone, whatever stands beside it.
    says: "Bad SelectTypeParameter: {word}",
  },
  {
    context: "",
    key: "PreemptMode",
    words: ["OFF", "CANCEL", "GANG", "REQUEUE", "SUSPEND", "WITHIN", "PRIORITY"],
    list: true,
    says: "PreemptMode={value} invalid",
  },
  {
    context: "",
    key: "AccountingStorageEnforce",
    words: [
      "0",
      "1",
      "2",
      "3",
      "4",
      "5",
      "6",
      "all",
      "associations",
      "limits",
      "nojobs",
      "nosteps",
      "qos",
      "safe",
      "wckeys",
    ],
    list: true,
    says: "AccountingStorageEnforce invalid: {value}",
  },
  {
    context: "",
    key: "HealthCheckNodeState",
    words: ["ALLOC", "ANY", "CYCLE", "IDLE", "MIXED", "NONDRAINED_IDLE", "START_ONLY"],
    list: true,
    says: "Invalid HealthCheckNodeState value {value} ignored",
  },
  ...["SlurmctldDebug", "SlurmdDebug", "SlurmctldSyslogDebug", "SlurmdSyslogDebug"].map(
    (key): Words => ({
      context: "",
      key,
      words: [...LOG_LEVELS, ...DIGIT_LEVELS],
      says: `Invalid ${key} {value}`,
    }),
  ),
  {
    context: "PartitionName",
    key: "State",
    words: ["UP", "DOWN", "DRAIN", "INACTIVE"],
    says: 'Bad value "{value}" for State',
  },
  ...["OverSubscribe", "Shared"].map(
    (key): Words => ({
      context: "PartitionName",
      key,
      words: ["NO", "YES", "FORCE", "EXCLUSIVE"],
      suffix: /^:\d+$/,
      says: 'Bad value "{value}" for OverSubscribe',
    }),
  ),
  {
    context: "PartitionName",
    key: "PreemptMode",
    words: ["OFF", "CANCEL", "GANG", "REQUEUE", "SUSPEND", "WITHIN", "PRIORITY"],
    list: true,
    says: 'Bad value "{value}" for PreemptMode',
  },
  {
    context: "NodeName",
    key: "State",
    words: ["CLOUD", "DOWN", "DRAIN", "FAIL", "FAILING", "FUTURE", "UNKNOWN", "IDLE"],
  },
  {
    context: "DownNodes",
    key: "State",
    words: ["DOWN", "DRAIN", "FAIL", "FAILING", "FUTURE", "UNKNOWN"],
  },
];

/** Keys whose value is a duration, with what the daemon prints of one that is none. */
const TIMES: ReadonlyArray<readonly [context: string, key: string, says: string]> = [
  ["PartitionName", "MaxTime", 'Bad value "{value}" for MaxTime'],
  ["PartitionName", "DefaultTime", 'Bad value "{value}" for DefaultTime'],
  ["", "PriorityDecayHalfLife", 'Bad value "{value}" for PriorityDecayHalfLife'],
  ["", "PriorityCalcPeriod", 'Bad value "{value}" for PriorityCalcPeriod'],
  ["", "PriorityMaxAge", 'Bad value "{value}" for PriorityMaxAge'],
  ["", "PreemptExemptTime", "PreemptExemptTime={value} invalid"],
];

/** Both lists by context and key. */
const WORDS_OF = new Map(WORDS.map((rule) => [`${rule.context} ${rule.key}`.toLowerCase(), rule]));
const TIMES_OF = new Map(TIMES.map(([context, key, says]) => [`${context} ${key}`.toLowerCase(), says]));

/** Words and durations that Slurm would not take. */
export function* words(subject: Subject): Generator<Problem> {
  for (const use of keyUses(subject)) {
    if (use.file !== "slurm.conf") continue;
    const name = `${use.context} ${use.key}`.toLowerCase();
    const rule = WORDS_OF.get(name);
    if (rule)
      for (const setting of use.where((said) => strangers(said, rule).length > 0))
        for (const word of strangers(setting, rule)) yield badWord(setting, word, rule);
    const says = TIMES_OF.get(name);
    if (says === undefined) continue;
    for (const setting of use.where(({ value }) => minutesOf(value) === undefined))
      yield badTime(setting, says);
  }
}

/** The words of a value that are none of the rule's. */
function strangers({ value }: Said, rule: Words): string[] {
  const said = rule.list ? value.split(",") : [value];
  return said.filter((word) => word !== "" && !rule.words.some((known) => fits(word, known, rule)));
}

function fits(word: string, known: string, { suffix }: Words): boolean {
  const [lower, wanted] = [word.toLowerCase(), known.toLowerCase()];
  return (
    lower === wanted ||
    (suffix !== undefined && lower.startsWith(wanted) && suffix.test(word.slice(known.length)))
  );
}

function badWord(setting: Setting, word: string, rule: Words): Problem {
  const near = nearest(word, rule.words);
  return errorAt(setting, {
    code: "bad-word",
    message: `expected ${rule.list ? "some" : "one"} of ${rule.words.join(", ")}, seen "${word}"`,
    hint: near && `did you mean ${near}?`,
    says: rule.says?.replace("{value}", setting.value).replace("{word}", word),
  });
}

function badTime(setting: Setting, says: string): Problem {
  return errorAt(setting, {
    code: "bad-time",
    message: `expected a duration, seen "${setting.value}"`,
    hint: "minutes, hours:minutes:seconds, days-hours:minutes:seconds, or INFINITE",
    says: says.replace("{value}", setting.value),
  });
}
