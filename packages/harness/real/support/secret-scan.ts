import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** Bytes of a long secret that are looked for, at its beginning and at its end: a part of it is bad enough. */
const PART = 24;

/** Looks for secrets in whatever form they may have got somewhere. */
export class SecretScan {
  readonly #wanted: ReadonlyArray<{ readonly name: string; readonly form: string; readonly bytes: Buffer }>;
  readonly #longest: number;
  #looked = 0;

  constructor(secrets: Readonly<Record<string, Buffer>>) {
    this.#wanted = Object.entries(secrets).flatMap(([name, secret]) =>
      [secret.subarray(0, PART), secret.subarray(-PART)].flatMap((part) =>
        formsOf(part).map(([form, text]) => ({ name, form, bytes: Buffer.from(text) })),
      ),
    );
    this.#longest = Math.max(...this.#wanted.map(({ bytes }) => bytes.length));
  }

  /** Bytes that were looked through so far: none at all would find nothing. */
  get looked(): number {
    return this.#looked;
  }

  /** What is found in it, `munge.key as hex`. */
  in(content: Buffer | string): string[] {
    const bytes = Buffer.from(content);
    this.#looked += bytes.length;
    const found = this.#wanted.filter(({ bytes: wanted }) => bytes.includes(wanted));
    return [...new Set(found.map(({ name, form }) => `${name} as ${form}`))];
  }

  /** The same of a stream, whose chunks may end within a secret. */
  async inStream(stream: AsyncIterable<Buffer>): Promise<string[]> {
    const found = new Set<string>();
    let rest = Buffer.alloc(0);
    for await (const chunk of stream) {
      const seen = Buffer.concat([rest, chunk]);
      for (const each of this.in(seen)) found.add(each);
      rest = seen.subarray(-this.#longest);
    }
    return [...found];
  }

  /** Every file below a folder in which something is found, with what. */
  inFolder(folder: string): Record<string, string[]> {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    const found = files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(folder.length + 1), this.in(readFileSync(path))] as const;
    });
    return Object.fromEntries(found.filter(([, what]) => what.length > 0));
  }
}

function formsOf(part: Buffer): Array<[form: string, bytes: Buffer | string]> {
  const hex = part.toString("hex");
  const percent = hex.replaceAll(/../g, "%$&");
  return [
    ["it is", part],
    ["hex", hex],
    ["HEX", hex.toUpperCase()],
    ["url", encodeURIComponent(part.toString("latin1"))],
    ["percent", percent],
    ["PERCENT", percent.toUpperCase()],
    // In a longer text it begins at one of three places of a group, and its outermost letters are its neighbours' too.
    ...[0, 1, 2].flatMap((before): Array<[string, string]> => {
      const inside = Buffer.concat([Buffer.alloc(before), part])
        .toString("base64")
        .slice(4, -4);
      return [
        ["base64", inside],
        ["base64url", inside.replaceAll("+", "-").replaceAll("/", "_")],
      ];
    }),
  ];
}

/** Arguments and environments of all processes of this machine, those in containers too, again and again until it is stopped. */
export class ProcessWatch {
  readonly #seen = new Set<string>();
  readonly #over = new AbortController();
  readonly #watching: Promise<void>;

  constructor() {
    this.#watching = this.#watch();
  }

  async #watch(): Promise<void> {
    while (!this.#over.signal.aborted) {
      for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name)))
        for (const file of ["cmdline", "environ"]) this.#seen.add(readIfThere(join("/proc", pid, file)));
      await pause(50);
    }
  }

  /** All that was seen, once each. */
  async stop(): Promise<ReadonlySet<string>> {
    this.#over.abort();
    await this.#watching;
    return this.#seen;
  }
}

/** As latin1, in which every byte is a letter. A process may have ended meanwhile. */
function readIfThere(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}
