import type { Environment, ExecResult } from '../contracts/environment.ts';
import { AltsError } from '../contracts/errors.ts';
import type { PackageManager } from '../contracts/package-manager.ts';
import type { ArtifactRef } from '../contracts/report.ts';
import type { ResultStore } from '../contracts/result-store.ts';
import type { Runner } from '../contracts/runner.ts';
import type { TestSuites } from '../contracts/test-suites.ts';
import type { EngineParts } from './plan.ts';

// Parts for tests of the engine's own rules: no system, a runner that keeps environments on a shelf.

export const request = { package: { name: 'hello' }, system: 'debian:12' };
const ok: ExecResult = {
  end: { type: 'exit', code: 0 },
  stdout: new Uint8Array(),
  stderr: new Uint8Array(),
  truncated: false,
};

export function shelf(overrides: Partial<Environment> = {}): { runner: Runner; left: Set<string> } {
  const left = new Set<string>();
  const runner: Runner = {
    contract: 'runner/1',
    name: 'shelf',
    traits: new Set(['container']),
    async provision({ system }) {
      left.add('e1');
      return {
        id: 'e1',
        system,
        exec: async () => ok,
        read: async function* () {},
        write: async () => {},
        ...overrides,
      };
    },
    async *list() {},
    async remove(id) {
      left.delete(id);
    },
  };
  return { runner, left };
}

/** Keeps what it is given; `broken` refuses the artifact of that name. */
export function drawer(broken?: string): { store: ResultStore; kept: Map<string, string> } {
  const kept = new Map<string, string>();
  const store: ResultStore = {
    contract: 'result-store/1',
    async put({ name }, content): Promise<ArtifactRef> {
      if (name === broken) throw new AltsError('store_unavailable', 'the drawer is stuck');
      const bytes = Buffer.concat(await Array.fromAsync(content));
      kept.set(name, bytes.toString());
      return { name, size: bytes.length, sha256: '0'.repeat(64) };
    },
    // biome-ignore lint/correctness/useYield: nothing is read from it here
    async *get() {
      throw new AltsError('artifact_not_found', 'nothing here');
    },
    async *list() {},
  };
  return { store, kept };
}

export const manager: PackageManager = {
  family: 'deb',
  prepare: async () => undefined,
  stage: async () => ({ reason: 'not_a_package', message: 'no' }),
  describeSystem: async () => ({ name: 'Debian', kernel: '6', architecture: 'amd64', packages: new Map() }),
  install: async (shell) => {
    await shell.run(['install', 'hello']);
    return { scriptlets: [] };
  },
  versions: async () => [],
  configurationFiles: async () => [],
  identify: async (_, name) => ({ name, version: '1', architecture: 'amd64', origin: 'here', sha256: null }),
  remove: async () => ({ scriptlets: [] }),
  purge: async () => undefined,
  satisfy: async () => undefined,
  collectors: [
    {
      fact: 'package.installed',
      needs: [],
      collect: async (_, __, { package: { name } }) => ({
        name,
        version: '1',
        architecture: 'amd64',
        status: 'ok',
        installed: true,
        essential: false,
      }),
    },
  ],
};

export const needsInstalled = {
  contract: 'checker/1',
  id: 'quiet',
  rules: [],
  needs: ['package.installed'],
  check: () => [],
} as const;

const none = async (): Promise<never> => {
  throw new Error('the request has no suites');
};
export const noSuites: TestSuites = { fetch: none, plan: none, judge: none, play: none };

export function parts(overrides: Partial<EngineParts> & { manager?: Partial<PackageManager> } = {}): EngineParts {
  const { manager: changed, ...rest } = overrides;
  return {
    runner: shelf().runner,
    store: drawer().store,
    packageManagers: [{ ...manager, ...changed }],
    checkers: [needsInstalled],
    reportArtifacts: [],
    suites: noSuites,
    ...rest,
  };
}
