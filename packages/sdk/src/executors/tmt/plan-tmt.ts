import { join, posix } from 'node:path';
import type { LocalSuite, SuitePlan } from '../../contracts/suite-plan.ts';
import { readText } from '../read-text.ts';
import { readFmfTree } from './fmf-tree.ts';
import { type FmfObject, inherit } from './inherit.ts';
import { planTest } from './plan-test.ts';

const DEFAULT_ORDER = 50;
const MAX_NOTES = 100;

/**
 * Plans the tests of tmt in and below the suite's directory, in their `order`, then as they stand in the tree. Undefined:
 * there is no tree of metadata (`.fmf/version`) in the directory or above it in the suite, or it has no test there.
 * Plans and stories are not read.
 */
export async function planTmt(suite: LocalSuite): Promise<SuitePlan | undefined> {
  const tree = await treeOf(suite);
  if (tree === undefined) return undefined;
  const { root, notes: faults } = await readFmfTree(suite.root, join(suite.root, tree));
  const notes = new Set(faults);
  const note = (text: string) => void notes.add(text);
  const found = [...inherit(root, new Map(), note)].filter(({ data }) => data.has('test'));
  const objects = found.filter((object) => isBelow(object, posix.relative(`/${tree}`, `/${suite.dir}`)));
  if (objects.length === 0) return undefined;
  const ordered = objects.toSorted((one, other) => orderOf(one) - orderOf(other));
  const tests = ordered.map((object, index) => planTest(object, { suite, tree, number: index + 1 }, note));
  const said = [...notes];
  const more = said.length > MAX_NOTES ? [`and ${said.length - MAX_NOTES} more of this kind`] : [];
  return { format: 'tmt', tests, notes: [...said.slice(0, MAX_NOTES), ...more] };
}

/** The nearest directory with `.fmf/version`, from the root of the suite. */
async function treeOf({ root, dir }: LocalSuite): Promise<string | undefined> {
  for (let at = posix.join('/', dir); ; at = posix.dirname(at)) {
    if ((await readText(root, join(root, at, '.fmf/version'))) !== undefined) return at.slice(1).replace(/\/$/, '');
    if (at === '/') return undefined;
  }
}

/** By its name or where its metadata is. */
function isBelow({ name, directory }: FmfObject, dir: string): boolean {
  if (dir === '') return true;
  return [name, directory].some((path) => path === `/${dir}` || path.startsWith(`/${dir}/`));
}

function orderOf({ data }: FmfObject): number {
  const order = data.get('order');
  return typeof order === 'number' ? order : DEFAULT_ORDER;
}
