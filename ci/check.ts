// `pnpm check`: format, lint, types, import borders, unused code. Cached by turbo, so a second run is instant.
import { $ } from "zx";

const tasks = ["//#lint", "//#types", "//#borders", "//#unused"];
const done = await $({
  nothrow: true,
  stdio: "inherit",
  env: { ...process.env, TURBO_TELEMETRY_DISABLED: "1" },
})`turbo run ${tasks} --output-logs=errors-only`;
process.exitCode = done.exitCode ?? 1;
