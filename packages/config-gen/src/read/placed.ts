import type { Place } from "../problem.ts";
import type { ConfLine, Setting } from "./conf-file.ts";
import type { KeyValue, KeyValues } from "./key-values.ts";
import type { LogicalLine } from "./logical-lines.ts";

/** A line of a file, under the name by which messages call the file. */
export interface Source {
  readonly line: LogicalLine;
  readonly shown: string;
}

/** Works out its places when it is asked: a large site has a hundred thousand settings, and problems with a few. */
class PlacedSetting implements Setting {
  readonly key: string;
  readonly operator: string;
  readonly value: string;
  protected readonly source: Source;
  readonly #pair: KeyValue;
  readonly #from: number;

  /** `from`: where in the line the text starts that the pair's offsets are counted in. */
  constructor(pair: KeyValue, source: Source, from: number) {
    this.key = pair.key;
    this.operator = pair.operator;
    this.value = pair.value;
    this.source = source;
    this.#pair = pair;
    this.#from = from;
  }

  get place(): Place {
    return this.#at(this.#pair.keyAt);
  }

  get valuePlace(): Place {
    return this.#at(this.#pair.valueAt);
  }

  #at(offset: number): Place {
    return { file: this.source.shown, ...this.source.line.placeAt(this.#from + offset) };
  }
}

/** Makes its attributes when they are asked for: of most records only what they say matters, and that is shared. */
export class PlacedLine extends PlacedSetting implements ConfLine {
  readonly record: boolean;
  readonly rest: KeyValues;
  readonly #restAt: number;
  #attributes: readonly Setting[] | undefined;

  constructor(first: KeyValue, source: Source, record: boolean, rest: KeyValues) {
    super(first, source, 0);
    this.record = record;
    this.rest = rest;
    this.#restAt = first.end;
  }

  get attributes(): readonly Setting[] {
    this.#attributes ??= this.rest.pairs.map((pair) => new PlacedSetting(pair, this.source, this.#restAt));
    return this.#attributes;
  }
}
