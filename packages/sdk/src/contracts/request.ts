import { z } from 'zod';
import { AltsError } from './errors.ts';
import { Lifecycle } from './lifecycle.ts';
import { Milliseconds } from './milliseconds.ts';
import { PackageVersion } from './package-version.ts';
import { Repository } from './repository.ts';
import { SkipRules } from './skip.ts';
import type { StageName } from './stages.ts';
import { SuiteSpec } from './suite.ts';
import { System } from './system.ts';
import { Severities, Waivers } from './waivers.ts';

/**
 * Names of packages of both families: deb-src-control(5) wants `[a-z0-9][a-z0-9+.-]+`; rpm allows capitals and `_` too.
 */
const PackageName = z
  .string()
  .max(255, 'is longer than 255 characters')
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9+._-]*$/,
    'must be the name of a package: letters, digits, "+", ".", "_", "-", a letter or digit first',
  );

const Expected = {
  /** Left out: whatever version the repositories offer first. Given: no other will do. */
  version: PackageVersion.optional(),
};

/** From the system's repositories and those of the request. */
const NamedPackage = z.strictObject({
  name: PackageName,
  /** Where it must come from, as the report says it: a repository's URL, `http://host/debian`, with or without suite. */
  origin: z
    .string()
    .max(4096)
    .regex(/^[a-z][a-z0-9+.-]*:\/\S+(?: \S+)?$/, 'must be the URL of a repository, such as https://repo.example/debian')
    .refine((origin) => !/^[a-z0-9+.-]+:\/\/[^/\s]*@/.test(origin), 'must be without user and password')
    .optional(),
  ...Expected,
});

/** A file on the machine that runs the test. */
const FilePackage = z.strictObject({
  /** Path of a `.deb` or `.rpm`. */
  file: z
    .string()
    .min(1)
    .max(4096)
    .refine((path) => !path.includes('\0'), 'has a NUL in it')
    .regex(/\.(deb|rpm)$/, 'must be the path of a .deb or .rpm file'),
  ...Expected,
});

/** A file that is fetched first. */
const UrlPackage = z.strictObject({
  url: z
    .string()
    .max(4096)
    .refine((v) => URL.canParse(v) && /^https?:$/.test(new URL(v).protocol) && !/\s/.test(v), 'must be an http(s) URL')
    .refine((v) => !URL.canParse(v) || /\.(deb|rpm)$/.test(new URL(v).pathname), 'must end in .deb or .rpm'),
  ...Expected,
});

/** What is tested: by name, as a file, or at a URL. */
export const PackageSpec = z.union([NamedPackage, FilePackage, UrlPackage]);
export type PackageSpec = z.output<typeof PackageSpec>;

const MINUTE = 60_000;

/** Time limits in milliseconds: one for each stage, for each command of the reading kind, and for the whole test. */
export const Timeouts = z.strictObject({
  /** One command that only reads: a collector, a query. Default 30 s. */
  command: Milliseconds.default(30_000),
  /** All stages together but `stop_environment`. Default 2 h. */
  test: Milliseconds.default(120 * MINUTE),
  start_environment: Milliseconds.default(10 * MINUTE),
  initial_provision: Milliseconds.default(10 * MINUTE),
  system_info: Milliseconds.default(5 * MINUTE),
  install_package: Milliseconds.default(10 * MINUTE),
  package_integrity_tests: Milliseconds.default(10 * MINUTE),
  third_party_tests: Milliseconds.default(30 * MINUTE),
  uninstall_package: Milliseconds.default(10 * MINUTE),
  reinstall_package: Milliseconds.default(10 * MINUTE),
  /** The installation of the older version, the upgrade and the checks after it. */
  upgrade_package: Milliseconds.default(20 * MINUTE),
  downgrade_package: Milliseconds.default(10 * MINUTE),
  purge_package: Milliseconds.default(10 * MINUTE),
  install_package_again: Milliseconds.default(20 * MINUTE),
  stop_environment: Milliseconds.default(2 * MINUTE),
} satisfies Record<StageName | 'command' | 'test', z.ZodType>);
export type Timeouts = z.output<typeof Timeouts>;

/** What an environment may use. Left out: the runner's own defaults. */
export const Resources = z.strictObject({
  memoryMiB: z.int().min(64).max(1_048_576).optional(),
  processes: z.int().min(16).max(4_194_304).optional(),
  cpus: z.number().positive().max(1024).optional(),
});
export type Resources = z.output<typeof Resources>;

/** A version that is tested first, on a system of its own; what it has, too, is `known` and decides nothing. */
const BaselineVersion = z.strictObject({
  version: PackageVersion,
  /** Left out: that of the package under test; of a file, what its name says: `<name>_…`, `<name>-<version>-<release>…`. */
  name: PackageName.optional(),
});

/** A stream of packages that are chosen together: dnf's modularity. Systems with deb packages have no such thing. */
const ModuleStream = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._+-]{0,127}$/, 'must be the name of a module such as nodejs'),
  stream: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._+-]{0,127}$/, 'must be a stream such as 20 or rhel9'),
  /** Given: the stream must be there in this version; of several the package manager takes the newest. */
  version: z
    .string()
    .regex(/^[0-9]{1,20}$/, 'must be the version of a module: digits alone')
    .optional(),
});
export type ModuleStream = z.output<typeof ModuleStream>;

/** What the package manager may do to packages that are there already. */
export const Allow = z.strictObject({
  /** Put an older version in the place of a newer one. */
  downgrade: z.boolean().default(false),
  /** Remove packages that are in the way. */
  erasing: z.boolean().default(false),
});
export type Allow = z.output<typeof Allow>;

/** Becomes the name of a directory and of an environment. */
export const TaskId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, 'must be letters, digits, ".", "_" and "-"');

/** What to test, on which system, and how. Unknown fields are refused: a typing mistake must not change a test silently. */
export const TestRequest = z.strictObject({
  /** The version of this document; this SDK reads 1. */
  schemaVersion: z.literal(1).default(1),
  /** Left out: a random one. */
  taskId: TaskId.optional(),
  package: PackageSpec,
  system: System,
  repositories: z.array(Repository).max(64).default([]),
  /** Install what the package only recommends, too. Off, because it can hide a dependency that is missing. */
  recommends: z.boolean().default(false),
  /** Left out: neither. A package that needs it and may not fails with `conflict`. */
  allow: Allow.prefault({}),
  /** Enabled before the package is installed; only where packages are rpm. */
  module: ModuleStream.optional(),
  /** Third-party tests, run in this order after the integrity checks. */
  tests: z.array(SuiteSpec).max(32).default([]),
  /** What is done to the package, step by step. */
  lifecycle: Lifecycle.default(['install', 'remove']),
  /** Stages and tests that are left out, each with a reason. */
  skip: SkipRules.default([]),
  /** Severities other than the rules' own: `{ "files/broken-link": "warning", "rpath/*": "info" }`. */
  severities: Severities.default({}),
  /** Findings that are accepted, each with a reason. */
  waivers: Waivers.default([]),
  /** Only what this version of the package has not decides the verdict. A report in its place: `TestOptions.baseline`. */
  baseline: BaselineVersion.optional(),
  timeoutsMs: Timeouts.prefault({}),
  resources: Resources.prefault({}),
});
/** A request after parsing, with all defaults in it. */
export type TestRequest = z.output<typeof TestRequest>;
/** A request as people write it. */
export type TestRequestInput = z.input<typeof TestRequest>;

/** The most helpful line for one issue: unions are resolved to the branch that got furthest. */
function describeIssue(issue: z.core.$ZodIssue, input: unknown, path: PropertyKey[] = []): string {
  const here = [...path, ...issue.path];
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const value = valueAt(input, here);
    const ranked = issue.errors
      .map((issues) => ({
        issues,
        wrongShape: issues.filter((i) => isWrongShape(i, value)).length,
      }))
      .sort((a, b) => a.wrongShape - b.wrongShape);
    const nearest =
      ranked[0]?.issues.find((i) => i.code !== 'unrecognized_keys' || typeof value !== 'object') ??
      ranked[0]?.issues[0];
    if (nearest) return describeIssue(nearest, input, here);
  }
  const field = here.map(String).join('.') || 'request';
  const value = valueAt(input, here);
  const shown = value === undefined || issue.code === 'unrecognized_keys' ? '' : ` (got ${shorten(value)})`;
  return `${field}: ${issue.message}${shown}`;
}

/** Not merely a wrong value: the branch is about something else. */
function isWrongShape(issue: z.core.$ZodIssue, value: unknown): boolean {
  if (issue.code === 'invalid_value') return issue.path.length === 0 && typeof value === 'object';
  return issue.code === 'unrecognized_keys' || issue.code === 'invalid_type';
}

function valueAt(input: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], input);
}

/** A URL in it loses user and password: this text goes to terminals and logs. */
function shorten(value: unknown): string {
  const text = (JSON.stringify(value) ?? String(value)).replace(/\/\/[^/\s"]+@/g, '//***@');
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

/** A zod error as one line that names each field, its value and what would be right. */
export function describeZodError(error: z.ZodError, input: unknown): string {
  return error.issues.map((issue) => describeIssue(issue, input)).join('; ');
}

/**
 * Checks a request and fills in the defaults.
 * @throws {AltsError} `invalid_request`; the message names each field that is wrong, its value and what would be right
 */
export function parseRequest(input: unknown): TestRequest {
  const parsed = TestRequest.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new AltsError('invalid_request', describeZodError(parsed.error, input));
}
