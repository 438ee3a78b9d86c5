import { posix } from 'node:path';
import type { LocalSuite, PlannedTest } from '../../contracts/suite-plan.ts';
import { parseDuration } from './duration.ts';
import { isRecord } from './fmf-tree.ts';
import type { FmfObject } from './inherit.ts';
import { readRequirements } from './requirements.ts';

/** Where the tree is, and how many tests came before. */
export interface TestPlace {
  readonly suite: Pick<LocalSuite, 'name' | 'dir'>;
  /** Of the tree, from the root of the suite; empty for the root itself. */
  readonly tree: string;
  readonly number: number;
}

/** What a test says for people and other tools. */
const INFORMATIVE =
  /^(summary|description|contact|author|component|id|link|tag|tags|tier|order|story|example|extra-.*)$/;
const UNDERSTOOD = /^(test|path|framework|manual|require|recommend|environment|duration|enabled|result)$/;
/** Whatever the test does, it speaks for nothing. */
const IGNORED_RESULTS: ReadonlySet<unknown> = new Set(['pass', 'info', 'warn']);

/** Runs what follows under the options that tmt sets; what it wants to keep goes where ALTS collects it. */
const WRAPPER =
  'export TMT_TEST_DATA="$ALTS_ARTIFACTS" TMT_PLAN_DATA="$ALTS_ARTIFACTS"; exec bash -eo pipefail -c "$1"';

/**
 * One test of tmt. A limit of 5 minutes, which tmt has for tests that say none, is not set: that of the request counts.
 * Source: tmt specification, /spec/tests (L1 metadata).
 * @param note of what is not understood
 */
export function planTest(
  { name, directory, data }: FmfObject,
  place: TestPlace,
  note: (text: string) => void,
): PlannedTest {
  const test = data.get('test');
  const required = readRequirements('require', data.get('require'));
  const recommended = readRequirements('recommend', data.get('recommend'));
  const timeoutMs = parseDuration(data.get('duration'));
  const path = data.get('path') ?? directory;
  const cwd = typeof path === 'string' ? cwdOf(path, place) : undefined;
  const skip = whySkip(data) ?? required.skip ?? (cwd === undefined ? 'path leads out of the suite' : undefined);
  const say = (text: string) => note(`${name}: ${text}`);
  for (const key of data.keys()) if (!INFORMATIVE.test(key) && !UNDERSTOOD.test(key)) say(`"${key}" is not heeded`);
  if (data.has('duration') && timeoutMs === undefined) say('duration is not understood');
  const unneeded = recommended.packages.join(', ');
  if (recommended.skip ?? unneeded) say(recommended.skip ?? `recommended, and not installed: ${unneeded}`);
  return {
    name,
    kind: 'tmt',
    command: ['bash', '-c', WRAPPER, 'bash', typeof test === 'string' ? test : ''],
    ...(cwd !== undefined && cwd !== '' && { cwd }),
    env: { ...environmentOf(data.get('environment'), say), ...ownVariables(name, place) },
    requires: required.packages,
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(IGNORED_RESULTS.has(data.get('result')) && { optional: true }),
    ...(skip !== undefined && { skip }),
    protocol: { type: 'tap' },
  };
}

function whySkip(data: ReadonlyMap<string, unknown>): string | undefined {
  const [framework, result] = [data.get('framework') ?? 'shell', data.get('result') ?? 'respect'];
  if (typeof data.get('test') !== 'string') return 'test is no command';
  if (isNo(data.get('enabled'))) return 'enabled: false';
  if (data.get('manual') === true) return 'manual: it is for a person to do';
  if (framework !== 'shell') return `framework ${framework} is not supported`;
  if (result !== 'respect' && !IGNORED_RESULTS.has(result)) return `result: ${result} is not supported`;
  return undefined;
}

/** YAML 1.1 has more words for it than 1.2, and people write them. */
function isNo(value: unknown): boolean {
  return value === false || (typeof value === 'string' && /^(false|no|off)$/i.test(value));
}

/** From the directory of the suite; undefined: outside of what was fetched. */
function cwdOf(path: string, { suite, tree }: TestPlace): string | undefined {
  const fromRoot = posix.join(tree, path);
  const outside = fromRoot.split('/').includes('..') || path.includes('\0');
  return outside ? undefined : posix.relative(`/${suite.dir}`, posix.join('/', fromRoot));
}

/** Source: tmt, «Test environment variables» of its overview. */
function ownVariables(name: string, { suite, tree, number }: TestPlace): Record<string, string> {
  return {
    TMT_TEST_NAME: name,
    TMT_TEST_SERIAL_NUMBER: `${number}`,
    TMT_TREE: posix.join('/tests', suite.name, tree),
    TMT_REBOOT_COUNT: '0',
    TMT_TEST_RESTART_COUNT: '0',
  };
}

function environmentOf(value: unknown, note: (text: string) => void): Record<string, string> {
  if (value === undefined || value === null) return {};
  if (!isRecord(value)) {
    note('environment is no dictionary: not heeded');
    return {};
  }
  const entries = Object.entries(value).filter(([name, one]) => {
    const isFit =
      /^[A-Za-z_]\w*$/.test(name) && ['string', 'number', 'boolean'].includes(typeof one) && !`${one}`.includes('\0');
    if (!isFit) note(`environment: ${JSON.stringify(name)} is no variable with a text`);
    return isFit;
  });
  return Object.fromEntries(entries.map(([name, one]) => [name, `${one}`]));
}
