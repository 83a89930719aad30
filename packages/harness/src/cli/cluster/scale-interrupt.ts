import { EXIT, LabError } from "../../errors/lab-error.ts";
import type { Undo } from "../../errors/undo.ts";

interface Parts {
  readonly id: string;
  readonly undo: Pick<Undo, "pending">;
  readonly note: (line: string) => void;
  readonly exit: (code: number) => void;
}

/**
 * What signals mean to a change of a cluster's workers. The first has it undone; from `changed` on there is no way back, and it is said
 * that the change goes to its end. The second leaves at once, saying what is left.
 */
export class ScaleInterrupt {
  readonly #controller = new AbortController();
  readonly #parts: Parts;
  #changed = false;
  #asked = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  changed(): void {
    this.#changed = true;
  }

  onSignal(name: NodeJS.Signals): void {
    if (this.#asked) this.#leave();
    else if (this.#changed)
      this.#parts.note(
        `${name}: too late, the workers are changed; once more to leave before the rest is removed`,
      );
    else {
      this.#parts.note(`${name}: the cluster is made what it was first; once more to leave at once`);
      this.#controller.abort(new LabError({ kind: "interrupted", message: name }));
    }
    this.#asked = true;
  }

  #leave(): void {
    const { id, undo, note, exit } = this.#parts;
    const left = this.#changed ? "the containers of the workers that went" : undo.pending.join(", ");
    if (left) note(`left undone: ${left}`);
    note(`what there is: pnpm cluster status ${id}; to remove it: pnpm cluster down ${id}`);
    exit(EXIT.interrupted);
  }
}
