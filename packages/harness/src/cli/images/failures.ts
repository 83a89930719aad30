import { BuildError, type ImageSet, LockUnmet, MovedOn, NotCompiled } from "@slurmlab/images";
import { LabError } from "../../errors/lab-error.ts";
import { buildCommand, compileAgain } from "./wanted.ts";

/** What a person is told of a build that did not succeed; what is no failure of a build comes back as it is. */
export function buildFailure(error: unknown, set: ImageSet, logOf: (image: string) => string): unknown {
  if (error instanceof MovedOn) return movedOn(error);
  if (error instanceof NotCompiled) return compileAgain(error.source);
  if (error instanceof LockUnmet) return lockUnmet(error);
  if (!(error instanceof BuildError)) return error;
  if (error.cause instanceof LabError) return error.cause;
  return new LabError({
    kind: "broken",
    message: error.image === "mirror" ? "the mirror could not be asked what packages it has" : error.message,
    seen: error.lastLines.join("\n"),
    where: logOf(error.image),
    hint: `try again with: ${buildCommand(set)} --verbose`,
    cause: error,
  });
}

function movedOn({ suite, wanted, found }: MovedOn): LabError {
  return new LabError({
    kind: "broken",
    message: `there are no packages of Slurm ${wanted} any more`,
    expected: `${suite} to carry Slurm ${wanted}`,
    seen: `${suite} carries Slurm ${found}; nothing was built, as its label would be wrong`,
    hint: `build ${wanted} from its source: pnpm images build --slurm ${wanted}.N --source FILE --sha256 SUM`,
  });
}

function lockUnmet({ message, missing }: LockUnmet): LabError {
  return new LabError({
    kind: "broken",
    message,
    seen: missing.slice(0, 10).join("\n"),
    hint: "nothing was built: use a mirror that still has them, or build without --lock and look at the difference: pnpm images diff FILE RELEASE",
  });
}
