/** Like Promise.all, but lets everything end before it rejects: nothing is still being made while it is undone. */
export async function allDone<T extends readonly unknown[]>(
  work: readonly [...{ [K in keyof T]: Promise<T[K]> }],
): Promise<T>;
export async function allDone<T>(work: readonly Promise<T>[]): Promise<T[]>;
export async function allDone(work: readonly Promise<unknown>[]): Promise<unknown[]> {
  const results = await Promise.allSettled(work);
  const failure = results.find((result) => result.status === "rejected");
  if (failure) throw failure.reason;
  return results.map((result) => (result as PromiseFulfilledResult<unknown>).value);
}
