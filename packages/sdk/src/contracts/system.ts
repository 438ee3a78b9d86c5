import { z } from 'zod';

/** Which package manager a system has. */
export const Family = z.enum(['deb', 'rpm']);
export type Family = z.infer<typeof Family>;

/** Architectures, under the names that `uname -m` prints; `x86_64_v2`, as AlmaLinux 10 calls it, runs on `x86_64`. */
export const ARCHITECTURES = [
  'x86_64',
  'x86_64_v2',
  'i686',
  'aarch64',
  'armv7l',
  'ppc64le',
  's390x',
  'riscv64',
] as const;

/** Other names under which people and package managers know them. */
const ALIASES: Readonly<Record<string, string>> = {
  amd64: 'x86_64',
  'x86-64': 'x86_64',
  i386: 'i686',
  i486: 'i686',
  i586: 'i686',
  arm64: 'aarch64',
  armhf: 'armv7l',
  armv7: 'armv7l',
  ppc64el: 'ppc64le',
};

/** An architecture; `amd64`, `arm64`, `i386` and other usual names are understood. */
export const Architecture = z.preprocess(
  (value) => (typeof value === 'string' ? (ALIASES[value] ?? value) : value),
  z.enum(ARCHITECTURES, {
    error: ({ input }) =>
      `unknown architecture ${JSON.stringify(input)}; known are ${ARCHITECTURES.join(', ')} and the aliases ${Object.keys(ALIASES).join(', ')}`,
  }),
);
export type Architecture = z.output<typeof Architecture>;

const Name = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,63}$/, 'must be a distribution as in ID of os-release(5), such as debian');
const Version = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must be a version such as 12 or 24.04');

const SystemObject = z.strictObject({
  /** As in `ID` of os-release(5): `debian`, `almalinux`. */
  distribution: Name,
  /** As in `VERSION_ID` of os-release(5), or a name that the distribution gives to a release: `12`, `sid`. */
  version: Version,
  /** Left out: that of the runner's machine. */
  architecture: Architecture.optional(),
});

/** `debian:12` or `debian:12/x86_64` as an object; anything else is left for the schema to refuse. */
function parseSystem(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const match = /^([^:/]*):([^:/]*)(?:\/([^:/]*))?$/.exec(value);
  if (!match) return value;
  const [, distribution, version, architecture] = match;
  return architecture === undefined ? { distribution, version } : { distribution, version, architecture };
}

/** Distribution, version and architecture; as a string `<distribution>:<version>[/<architecture>]`. */
export const System = z.preprocess(
  parseSystem,
  z.strictObject(SystemObject.shape, {
    error: ({ code, input }) =>
      code === 'invalid_type'
        ? `${JSON.stringify(input)} is not a system; write <distribution>:<version>[/<architecture>], such as debian:12`
        : undefined,
  }),
);
export type System = z.output<typeof System>;

/** `debian:12/x86_64`, or `debian:12` where no architecture is said. */
export function formatSystem(system: System): string {
  const name = `${system.distribution}:${system.version}`;
  return system.architecture === undefined ? name : `${name}/${system.architecture}`;
}
