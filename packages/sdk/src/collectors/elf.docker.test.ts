import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { elfImage } from '../../../../fixtures/corpus/elf-image.ts';
import { checkers } from '../checkers/index.ts';
import type { Environment } from '../contracts/environment.ts';
import type { CheckContext, Facts } from '../contracts/facts.ts';
import { apt } from '../package-managers/apt.ts';
import { startContainer, type TestContainer, textOf } from '../package-managers/container.fixture.ts';
import { probeFiles } from './elf/probe-files.ts';
import { readElfFiles } from './elf/read-elf-files.ts';

const PACKAGES = ['bash', 'coreutils', 'git', 'openssh-server', 'python3.11-minimal'];

let container: TestContainer;
beforeAll(async () => {
  container = await startContainer('debian:12');
  const install = `apt-get update -qq && apt-get install -y -qq --no-install-recommends ${PACKAGES.join(' ')}`;
  const result = await container.shell.run(['sh', '-c', install], { env: { DEBIAN_FRONTEND: 'noninteractive' } });
  expect(result.end, textOf(result)).toEqual({ type: 'exit', code: 0 });
});
afterAll(() => container[Symbol.asyncDispose]());

/** Counts what is asked of an environment. */
function counted(environment: Environment): { environment: Environment; trips: () => number } {
  let trips = 0;
  return {
    trips: () => trips,
    environment: {
      ...environment,
      exec: (...asked) => {
        trips += 1;
        return environment.exec(...asked);
      },
      read: (...asked) => {
        trips += 1;
        return environment.read(...asked);
      },
    },
  };
}

async function look(name: string) {
  const { environment, trips } = counted(container.environment);
  const context: CheckContext = { phase: 'installed', package: { name } };
  const facts: Partial<Record<keyof Facts, unknown>> = {};
  for (const collector of apt.collectors) {
    facts[collector.fact] = await collector.collect(environment, facts as Facts, context, {});
  }
  const ours = checkers.filter(({ id }) => id === 'shared-libraries' || id === 'rpath');
  return {
    facts: facts as Facts,
    trips: trips(),
    findings: ours.flatMap((each) => [...each.check(facts as Facts, context)]),
  };
}

describe('real packages of Debian 12', () => {
  it.each(PACKAGES)('nothing is said against the libraries of %s', async (name) => {
    const { facts, findings } = await look(name);
    expect(findings).toEqual([]);
    const { searches, libraries } = facts['elf.libraries'];
    expect(facts['elf.dynamic'].every(({ problem }) => problem === undefined)).toBe(true);
    expect(searches.length, 'libraries were looked for').toBeGreaterThan(3);
    expect(libraries.find(({ path }) => path.endsWith('/libc.so.6'))?.owners).toEqual(['libc6']);
  });
  it('a hundred programs take no more round trips than one', async () => {
    const [one, many] = [await look('python3.11-minimal'), await look('coreutils')];
    expect(many.facts['elf.dynamic'].length).toBeGreaterThan(90);
    expect(many.trips).toBeLessThanOrEqual(one.trips);
  });
});

describe('files that are odd', () => {
  const write = (path: string, content: Uint8Array) => ({ path, type: 'file', content, mode: 0o755 }) as const;

  it('are looked at whatever they are called: at the end of links, each once', async () => {
    const image = elfImage({ soname: 'x' });
    await container.environment.write([
      write('/odd/new\nline', image),
      write('/odd/==> x <==', image),
      write('/odd/-c *', Buffer.from('')),
      { path: '/odd/link', type: 'symlink', target: 'new\nline' },
      { path: '/odd/broken', type: 'symlink', target: 'nowhere' },
      { path: '/odd/directory', type: 'directory' },
    ]);
    const paths = ['new\nline', '==> x <==', '-c *', 'link', 'broken', 'directory', 'missing'].map(
      (name) => `/odd/${name}`,
    );
    const found = await probeFiles(container.environment, paths, {});
    expect(found.map(({ path, realPath, size }) => [path, realPath, size])).toEqual([
      ['/odd/new\nline', '/odd/new\nline', image.length],
      ['/odd/==> x <==', '/odd/==> x <==', image.length],
      ['/odd/-c *', '/odd/-c *', 0],
      ['/odd/link', '/odd/new\nline', image.length],
    ]);
    expect(found[3]?.identity).toBe(found[0]?.identity);
  });

  it('a file of a gigabyte is read in pieces', async () => {
    const image = elfImage({ soname: 'libhuge.so.1', needed: ['libc.so.6'], versionDefinitions: ['HUGE_1'] });
    await container.environment.write([write('/odd/huge', image), write('/odd/huge-cut', image.subarray(0, 500))]);
    const grown = await container.shell.run(['truncate', '-s', '1G', '/odd/huge', '/odd/huge-cut']);
    expect(grown.end).toEqual({ type: 'exit', code: 0 });
    const files = await probeFiles(container.environment, ['/odd/huge', '/odd/huge-cut'], {});
    const { environment, trips } = counted(container.environment);
    const readings = await readElfFiles(environment, files, {});
    expect(readings.get(files[0]!.identity)).toMatchObject({
      elf: { soname: 'libhuge.so.1', needed: ['libc.so.6'], versionDefinitions: ['HUGE_1'] },
    });
    expect(readings.get(files[1]!.identity)).toHaveProperty('problem');
    expect(trips()).toBeLessThan(10);
  });
});
