import { z } from 'zod';
import { Milliseconds } from './milliseconds.ts';

const NUL = '\0';

const text = (what: string, max: number) =>
  z
    .string()
    .min(1, `${what} is empty`)
    .max(max, `${what} is longer than ${max} characters`)
    .refine((value) => !value.includes(NUL), `${what} has a NUL in it`);

/** A path that stays inside: no `/` first, no `..`. */
const InnerPath = text('the path', 4096).refine(
  (path) => !path.startsWith('/') && !path.split('/').includes('..'),
  'must be a path inside the suite: without "/" in front and without ".."',
);

/** What git-fetch(1) can be asked for without taking it for an option or a refspec; `12345/2` is a change of Gerrit. */
const GitRef = text('the ref', 255).regex(
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this refuses
  /^(?![-/.])(?!.*(\.\.|@\{|\/\/))[^\x00-\x20\x7f~^:?*[\\]+(?<![/.])$/,
  'must be a branch, a tag, a commit or a Gerrit change such as 12345/2',
);

/** Never `ext::`, which runs a command, and never `file:`: a request may come from anywhere. */
const GIT_URL = /^(https?|ssh|git):\/\/[^\s/][^\s]*$/;
/** `git@host:path` of ssh. */
const GIT_SCP = /^[A-Za-z0-9._-]+@[A-Za-z0-9.-]+:[^\s:][^\s]*$/;
const GitUrl = text('the URL', 4096).refine(
  (url) => GIT_URL.test(url) || GIT_SCP.test(url),
  'must be the URL of a git repository: https://, http://, ssh://, git:// or user@host:path',
);

const EnvironmentVariables = z.record(
  z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,254}$/, 'must be the name of a variable: letters, digits and "_"'),
  z
    .string()
    .max(32_768, 'is longer than 32768 characters')
    .refine((value) => !value.includes(NUL), 'has a NUL in it'),
);

/** What every suite may say, wherever it comes from. */
const Options = {
  /** Directory of the tests inside what was fetched. Left out: its root. */
  dir: InnerPath.optional(),
  /** Names of tests, or globs of them: only these run. Left out: all. */
  only: z.array(text('the name', 1024)).min(1).max(1000).optional(),
  /** Variables for each test. */
  environment: EnvironmentVariables.default({}),
  /** Packages that the tests need besides what they say themselves; installed after the integrity checks. */
  requires: z.array(text('the package', 255)).max(200).default([]),
  /** How often a test that failed is run again; one that then passes is `flaky`. */
  retries: z.int().min(0).max(10).default(0),
  timeoutsMs: z
    .strictObject({
      /** Each test that says nothing else. Default 30 min. */
      test: Milliseconds.default(30 * 60_000),
      /** All tests of the suite. Left out: what the stage has. */
      suite: Milliseconds.optional(),
      /** By the name of a test, or a glob of names; the first that fits. */
      tests: z.record(text('the name', 1024), Milliseconds).default({}),
    })
    .prefault({}),
};

const GitSuite = z.strictObject({
  url: GitUrl,
  /** Branch, tag, commit, or a change of Gerrit: `12345/2`. Left out: what the repository has as HEAD. */
  ref: GitRef.optional(),
  submodules: z.boolean().default(false),
  ...Options,
});

const DirectorySuite = z.strictObject({
  /** On the machine that runs the test. */
  directory: text('the path', 4096),
  ...Options,
});

const TARBALL = /\.(tar|tar\.(gz|xz|bz2|zst)|tgz|txz)$/;

const TarballSuite = z.strictObject({
  /** Path on the machine that runs the test, or an http(s) URL. */
  tarball: text('the tarball', 4096).refine(
    (value) => TARBALL.test(isWebUrl(value) ? new URL(value).pathname : value),
    'must be the path or URL of a .tar, .tar.gz, .tar.xz, .tar.bz2 or .tar.zst',
  ),
  ...Options,
});

function isWebUrl(value: string): boolean {
  return /^https?:\/\//.test(value) && URL.canParse(value);
}

/** `https://host/x.git/dir#ref`: the repository ends with `.git`. */
const GIT_IN_ONE = /^(.+?\.git)(?:\/([^#]*[^#/]))?\/?(?:#(.+))?$/;

/** One line in the place of an object: a git repository with directory and ref, a tarball, or else a directory. */
function fromLine(line: string): unknown {
  if (TARBALL.test(isWebUrl(line) ? new URL(line).pathname : line)) return { tarball: line };
  const [, url, dir, ref] = GIT_IN_ONE.exec(line) ?? [];
  if (url && (line.includes('://') || GIT_SCP.test(line))) {
    return { url, ...(dir !== undefined && { dir }), ...(ref !== undefined && { ref }) };
  }
  return line.includes('://') ? { url: line } : { directory: line };
}

/** Third-party tests: where they come from, and how they are run. */
export const SuiteSpec = z.preprocess(
  (value) => (typeof value === 'string' ? fromLine(value) : value),
  z.union([GitSuite, DirectorySuite, TarballSuite]),
) as z.ZodType<SuiteSpec, SuiteSpecInput>;
type AnySuite<Git, Directory, Tarball> = Git | Directory | Tarball;
export type SuiteSpec = AnySuite<
  z.output<typeof GitSuite>,
  z.output<typeof DirectorySuite>,
  z.output<typeof TarballSuite>
>;
/** As people write it; a string is `<repository>.git/<dir>#<ref>`, a tarball, or a directory. */
export type SuiteSpecInput =
  | string
  | AnySuite<z.input<typeof GitSuite>, z.input<typeof DirectorySuite>, z.input<typeof TarballSuite>>;
