import { posix } from 'node:path';
import type { Phase } from '../contracts/phases.ts';
import type { LaterSnapshot } from '../contracts/snapshot.ts';
import { isExpected } from './expected-changes.ts';
import type { OriginOf, Remains } from './leftover-origin.ts';
import type { LeftoverRule } from './leftover-rules.ts';
import { isBelow } from './path-lookup.ts';

/** One path that is left, and how many are below it. */
export interface LeftPath {
  readonly path: string;
  readonly rule: LeftoverRule;
  /** Some of what is below it. */
  readonly inside: readonly string[];
  readonly count: number;
}

/** Configuration, data and logs may stay after a removal, until the purge: Debian Policy 6.8, 10.7, 10.8. */
const KEPT_UNTIL_PURGE = ['/etc', '/var', '/run', '/tmp', '/home', '/root', '/srv', '/media', '/mnt'];
/** What programs and people write, in contrast to what packages bring. */
const DATA = ['/var', '/run', '/tmp', '/home', '/root', '/srv', '/media', '/mnt'];
const CRON = /^\/etc\/cron\.[^/]+\/|^\/etc\/anacrontab$|^\/var\/spool\/cron\/(crontabs\/)?[^/]+$/;
const SERVICE_LINK = /^\/etc\/(rc[0-6S]\.d|init\.d|systemd\/(system|user)(\/[^/]+\.(wants|requires|upholds))?)\/[^/]+$/;
/** Names that are shown of what a directory holds. */
const SHOWN = 5;

/** Paths that were not there before, that no package owns, and that no tool made for all packages. */
function* appeared({ 'system.before': before, 'system.now': now }: Remains): Generator<string> {
  for (const [path, { target }] of now.files) {
    // A removed package still owns its configuration files.
    if (before.files.has(path) || now.owners.has(path)) continue;
    // Judged as alternatives.
    if (target?.startsWith('/etc/alternatives/')) continue;
    if (!isExpected(path, now.files)) yield path;
  }
}

/** What the package left on the disk, each directory once whatever it holds, and what nobody can tell whose it is. */
export function leftFiles(remains: Remains, phase: Phase, originOf: OriginOf): { left: LeftPath[]; unclear: string[] } {
  const tops: { path: string; inside: string[] }[] = [];
  const unclear: string[] = [];
  for (const path of [...appeared(remains)].sort()) {
    if (phase === 'removed' && isBelow(path, KEPT_UNTIL_PURGE)) continue;
    const top = tops.at(-1);
    if (top && path.startsWith(`${top.path}/`)) {
      top.inside.push(path);
      continue;
    }
    const origin = originOf.path(path);
    if (origin === 'package') tops.push({ path, inside: [] });
    else if (origin === 'unclear' && !path.startsWith(`${unclear.at(-1)}/`)) unclear.push(path);
  }
  const now = remains['system.now'];
  const kept = keepingDirectories(now);
  const left = tops.map(({ path, inside }) => ({
    path,
    rule: ruleFor(path, inside, phase, now),
    inside: inside.slice(0, SHOWN),
    count: inside.length,
  }));
  return { left: left.filter(({ path, rule }) => rule !== 'directory-left' || !kept.has(path)), unclear };
}

/** Directories with something in them that rpm keeps for the administrator: rpm(8), so that it cannot remove them either. */
function keepingDirectories({ files }: LaterSnapshot): Set<string> {
  const kept = new Set<string>();
  for (const path of files.keys()) {
    if (!/\.rpm(save|new|orig)$/.test(path)) continue;
    for (let above = posix.dirname(path); above !== '/'; above = posix.dirname(above)) kept.add(above);
  }
  return kept;
}

function ruleFor(path: string, inside: readonly string[], phase: Phase, { files }: LaterSnapshot): LeftoverRule {
  if (phase === 'removed') return 'program-left';
  const isDirectory = (one: string) => files.get(one)?.type === 'directory';
  if (isDirectory(path)) {
    if (inside.every(isDirectory)) return 'directory-left';
  } else if (CRON.test(path)) return 'cron-left';
  else if (SERVICE_LINK.test(path)) return 'service-link-left';
  return isBelow(path, DATA) ? 'data-left' : 'file-left';
}
