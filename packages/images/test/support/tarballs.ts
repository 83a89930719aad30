import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";

/** A META as Slurm has it. */
export const meta = (version: string, name = "slurm") =>
  `##\n# Metadata for RPM/TAR makefile targets\n##\n  Meta:\t\t1\n  Name:\t\t${name}\n  Major:\t22\n  Version:\t${version}\n  Release:\t1\n`;

/** A tarball of these files, packed by gzip. */
export async function tarball(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const tar = pack();
  for (const [name, content] of Object.entries(files)) tar.entry({ name, mtime: new Date(0) }, content);
  tar.finalize();
  return gzipSync(await buffer(tar));
}

/** Just enough of a Slurm to be taken for one. */
export const slurmTarball = (version: string) =>
  tarball({
    [`slurm-${version}/META`]: meta(version),
    [`slurm-${version}/configure`]: "#!/bin/sh\nexit 1\n",
    [`slurm-${version}/src/Makefile.in`]: "",
  });
