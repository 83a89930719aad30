import { applyPatch, structuredPatch } from "diff";

/**
 * What a file becomes that was generated once as `before`, would be generated as `after` now, and has been changed by hand since: both
 * changes. Undefined when somebody has changed the very lines. Pure.
 */
export function merged(current: string, before: string, after: string): string | undefined {
  if (current === before) return after;
  const patch = structuredPatch("", "", before, after, undefined, undefined, { context: 1 });
  const result = applyPatch(current, patch);
  return result === false ? undefined : result;
}
