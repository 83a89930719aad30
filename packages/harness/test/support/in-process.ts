import { vi } from "vitest";
import { main } from "../../src/cli/main.ts";

/** The command line called in this process: its exit code and what it printed. One at a time. */
export async function inProcess(argv: readonly string[]) {
  const told = { stdout: "", stderr: "" };
  const spies = (["stdout", "stderr"] as const).map((name) =>
    vi.spyOn(process[name], "write").mockImplementation((text) => {
      told[name] += String(text);
      return true;
    }),
  );
  try {
    return { exitCode: await main(argv), ...told };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
