import { describe, expect, test } from "vitest";
import { JobLedger } from "../src/ledger/jobs.ts";
import type { Job } from "../src/verbs/job.ts";

const job = (id: string): Job => ({
  kind: "job",
  id,
  parts: [id],
  user: "ada",
  outputPath: "",
  title: `job ${id}`,
});

describe("the ends that a job may come to", () => {
  const endsAfter = (act: (ledger: JobLedger, job: Job) => void, allowed?: ["FAILED"]) => {
    const ledger = new JobLedger();
    const two = job("2");
    ledger.add(two, { marked: true, ends: allowed ?? [], above: 0 });
    act(ledger, two);
    return ledger.all[0]?.ends;
  };
  test("are COMPLETED alone when nobody says otherwise", () =>
    expect(endsAfter(() => {})).toEqual(["COMPLETED"]));
  test("are those that a step brought about, and COMPLETED no longer", () =>
    expect(endsAfter((ledger, two) => ledger.ended(two, "CANCELLED"))).toEqual(["CANCELLED"]));
  test("are those that its submission gives", () =>
    expect(endsAfter(() => {}, ["FAILED"])).toEqual(["FAILED"]));
});
