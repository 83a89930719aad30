/** Seconds for which jobs are submitted. */
export const SECONDS = 60;
/** Programs that submit at the same time, one job after the other. */
const FEEDERS = 4;

/** What slurmctld has counted, a second. */
export interface Rates {
  readonly submitted: number;
  readonly started: number;
  readonly completed: number;
}

/** Run where sbatch is: submits as fast as that goes, jobs that end at once, and prints slurmctld's own counts of the same time. */
export const FEED = `
sdiag --reset > /dev/null
end=$(( SECONDS + ${SECONDS} ))
feed() { while [ $SECONDS -lt $end ]; do sbatch --quiet --time=1 --mem=10M --output=/dev/null --wrap=: > /dev/null || exit 1; done; }
for i in $(seq ${FEEDERS}); do feed & done
wait
sdiag
`;

/** Takes back what could not be started meanwhile: the next minute begins with an empty queue. */
export const CLEAR = `scancel --quiet --user=root; until [ -z "$(squeue --noheader)" ]; do sleep 0.1; done`;

/** Reads the counts of sdiag. Pure. */
export function ratesIn(sdiag: string): Rates {
  const count = (what: string) => {
    const found = new RegExp(`^\\s*Jobs ${what}:\\s*(\\d+)`, "m").exec(sdiag)?.[1];
    if (found === undefined) throw new Error(`sdiag says nothing of jobs ${what}: ${sdiag.slice(0, 200)}`);
    return Number(found) / SECONDS;
  };
  return { submitted: count("submitted"), started: count("started"), completed: count("completed") };
}
