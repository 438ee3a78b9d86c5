import type { Check } from './repository.ts';

const ALL = (name: string) => ['index.ts', `${name}-options.ts`, `${name}-errors.ts`, 'conformance.test.ts'];
const SHAPES: Readonly<Record<string, (name: string) => readonly string[]>> = {
  runner: (name) => [...ALL(name), `${name}-runner.ts`, `${name}-environment.ts`, `${name}-engine.ts`],
  storage: (name) => [...ALL(name), `${name}-store.ts`],
  queue: (name) => [...ALL(name), `${name}-queue.ts`],
};

/** Every backend has the same files, so that who knows one knows them all. */
export const backendShape: Check = function* ({ files }) {
  const packages = new Set(files.flatMap((file) => /^packages\/([^/]+)\/package\.json$/.exec(file)?.[1] ?? []));
  for (const folder of packages) {
    const [, kind = '', name = ''] = /^(runner|storage|queue)-(.+)$/.exec(folder) ?? [];
    for (const wanted of SHAPES[kind]?.(name) ?? []) {
      const file = `packages/${folder}/src/${wanted}`;
      if (!files.includes(file)) yield { file, message: `is missing: every ${kind} backend has one` };
    }
  }
};
